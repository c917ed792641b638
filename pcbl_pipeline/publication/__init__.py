"""Publication: what readers get. Summaries become files, pages and releases.

Takes frames as plain values; computing a summary or deciding what may be shown is
done before. Writing a release and switching to it is in `release`.
"""
