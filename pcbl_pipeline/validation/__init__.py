"""The only door to Great Expectations: suites from contracts, resolved on Polars."""
