"""The library: WHAT the pipeline does, runnable and tested without Prefect.

Imports go down only: operations → reading, validation, lake, summaries,
disclosure, publication → contracts, storage → model → errors, settings, logs.
"""

import os

__version__ = "0.1.0"

# Polars' allocator keeps what is free for ten seconds, which a large file fills twice
# over. It reads this once, when Polars is first loaded, so it is said before that.
os.environ.setdefault(  # noqa: TID251 - written, not read
    "_RJEM_MALLOC_CONF",
    "background_thread:true,dirty_decay_ms:500,muzzy_decay_ms:0",
)
