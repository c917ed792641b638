"""LibreOffice without a window: opens what we wrote and saves it as its own."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

TIMEOUT_SECONDS = 180


def saved_by_libreoffice(
    paths: Sequence[Path], folder: Path, ending: str = "xlsx"
) -> list[Path]:
    """Open workbooks in one LibreOffice, save each anew, and return the new files."""
    program = shutil.which("soffice")
    assert program, (
        "LibreOffice is not installed. `infra/setup.sh tests` installs it as root; "
        "else run `apt-get install --no-install-recommends libreoffice-calc`."
    )
    # A profile of its own, so that several may run at once.
    profile = (folder / "profile").resolve().as_uri()
    done = subprocess.run(
        [
            *(program, f"-env:UserInstallation={profile}", "--headless", "--norestore"),
            *("--convert-to", ending, "--outdir", folder / "saved", *paths),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_SECONDS,
        stdin=subprocess.DEVNULL,
    )
    saved = [folder / "saved" / f"{path.stem}.{ending}" for path in paths]
    assert all(path.is_file() for path in saved), done.stderr
    return saved
