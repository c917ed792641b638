"""Walking a folder in the order of keys, and file names that are not valid UTF-8."""

import os
from collections.abc import Iterator
from pathlib import Path

from pcbl_pipeline.storage.files import NOT_THERE

#: Python reads a byte that is not UTF-8 as U+DC80-DCFF, which no JSON can carry. In
#: keys such bytes stand as U+F780-F7FF (private use), so that a file with an odd name
#: still gets its answer.
_TO_KEY = {0xDC00 + byte: 0xF700 + byte for byte in range(0x80, 0x100)}
_TO_NAME = {key: name for name, key in _TO_KEY.items()}


def name_of_key(key: str, root: Path) -> str:
    """Return the path of a key below a root, undoing what `walk` did to odd names."""
    odd = key.translate(_TO_NAME)
    return odd if odd != key and os.path.lexists(root / odd) else key


def walk(folder: Path, path: str, prefix: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the key and facts of every regular file below a folder, in key order.

    `path` is the key of the folder itself; a prefix goes on from there.
    Links are passed over. A folder sorts as its name and a slash: that is where its
    keys stand among those of its neighbours.
    """
    for key, entry in _entries(folder, path):
        if not key.startswith(prefix):
            continue
        try:
            if key.endswith("/"):
                yield from walk(Path(entry.path), key, prefix)
            else:
                yield key, entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue  # removed while we looked


def _entries(folder: Path, path: str) -> list[tuple[str, "os.DirEntry[str]"]]:
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError as error:
        if error.errno in NOT_THERE:
            return []
        raise
    keys = []
    for entry in found:
        name = path + entry.name.translate(_TO_KEY)
        if entry.is_dir(follow_symlinks=False):
            keys.append((f"{name}/", entry))
        elif entry.is_file(follow_symlinks=False):
            keys.append((name, entry))
    return sorted(keys, key=lambda item: item[0])
