"""The library: WHAT the pipeline does, runnable and tested without Prefect.

Imports go down only: operations → reading, validation, lake, summaries,
disclosure, publication → contracts, storage → model → errors, settings, logs.
"""

__version__ = "0.1.0"
