"""The lake: accepted rows, quarantined rows, and the ledger of what was answered."""
