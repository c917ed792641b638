"""Root causes: one mistake that many findings follow from."""
