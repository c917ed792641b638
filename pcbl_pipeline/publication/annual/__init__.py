"""The annual pilot report: the same parts for its page and its PDF.

It quotes the tables of the edition and computes nothing, so that it cannot say more
than they do. A part whose tables an edition does not have is left out. What does not
belong here: markup, and how a PDF is set.
"""
