"""The audit: what an attacker can compute from everything that is published.

Unknown counts, true statements about them, and secrets that must stay wide. Deciding
what a table hides first belongs to the rules of disclosure, not here; this room only
proves that enough is hidden, and hides more where it is not.
"""
