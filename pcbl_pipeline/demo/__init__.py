"""The demo's input: an invented network, the files its sites drop, and the answer key.

Everything here is made up and marked so. Nothing but the command line and the tests may
import it: the library does not know that a demo exists.
"""
