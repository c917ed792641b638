"""The verbs: each a function of plain arguments, safe to run twice."""
