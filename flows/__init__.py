"""WHEN things run: the only code that knows Prefect.

A flow calls one operation per task and reads as one paragraph. What does not
belong here: a branch on data, a frame, a message to a site.
"""
