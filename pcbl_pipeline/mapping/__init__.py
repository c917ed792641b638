"""Mapping: from an export of another product to the rows of one of our datasets.

Knows tables as they were read and says which field each cell becomes, so that a finding
still names the sender's own row and column. Nothing is judged here.
"""
