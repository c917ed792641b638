"""Search without a server: an index in small scripts that a page loads by itself.

What does not belong here: how results look (`pages/assets/search.js`) and which
filters the page offers (`pages/searching.py`).
"""
