"""Reading: from a dropped file's bytes to text tables, and to the dataset they are.

Nothing is coerced here; a cell stays the text that its sender wrote.
"""
