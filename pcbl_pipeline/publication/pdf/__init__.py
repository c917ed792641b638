"""PDFs: one shape of a report (`report`), and the printer that sets it (`printer`).

What does not belong here: what a report says. Its texts come in whole, in the
reader's language; the templates hold no words of their own.
"""
