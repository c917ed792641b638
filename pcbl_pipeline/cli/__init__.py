"""`pcbl`, the door for people and scripts: it asks, calls one operation, and shows.

What does not belong here: any decision about data. Imports wait until a command needs
them, so that help and one-file commands answer at once.
"""

import sys
import traceback

from pcbl_pipeline.cli.app import app
from pcbl_pipeline.errors import SystemFault


def main() -> None:
    """Run the command that the arguments name."""
    try:
        app()
    except Exception:  # noqa: BLE001 - whatever nobody foresaw is a fault of ours too
        traceback.print_exc()
        sys.exit(SystemFault.exit_code)
