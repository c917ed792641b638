"""Disclosure: what may not be shown, found before anything is published.

Screens texts now; hiding small cells of tables and auditing a release belong here
too. Computing a summary does not: that is `summaries`.
"""
