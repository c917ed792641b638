"""Disclosure control for tables of small groups: what is hidden, and in what bands.

Pure functions over cells. A cell is what a table says of one group of students at one
site, or at all of them; the numbers behind it arrive here and go no further. Which
cells there are is decided in `summaries`; whether what is left could still be worked
out is for the audit to say.
"""
