"""Summaries: the published tables, computed from the lake's current rows.

Pure functions from frames to frames: no store, no clock, no order of input rows.
How a frame becomes a page or a file is decided in `publication`.
"""
