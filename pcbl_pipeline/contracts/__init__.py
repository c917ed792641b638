"""Contracts, code lists and the rule catalogue, loaded from `expectations/`."""
