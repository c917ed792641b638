"""The library's one logger: ids and counts, never a row's values.

What does not belong here: handlers for Prefect (flows forward this logger
themselves) and anything that formats a finding for a site.
"""

import logging

#: Flows forward this logger to Prefect by its name.
LOGGER_NAME = "pcbl_pipeline"


def get_logger(room: str) -> logging.Logger:
    """Return the logger of one room, a child of the package's logger."""
    return logging.getLogger(f"{LOGGER_NAME}.{room}")
