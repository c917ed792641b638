"""Archives: every file in a ZIP archive, read as if it had been sent by itself.

Members are unpacked under numbers, never under the names that they bring; archives
within archives are not opened. What does not belong here: how a member is read.
"""

import shutil
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from pcbl_pipeline.model.finding import FileFinding, Place
from pcbl_pipeline.reading.refusal import (
    Unreadable,
    refusal_of,
    refused,
    too_large,
)
from pcbl_pipeline.reading.tables import ReadResult, TextTable
from pcbl_pipeline.scratch import Scratch

ReadMember = Callable[[Path, str], ReadResult]

MAX_MEMBERS = 1_000
#: Of all members together, on disk for as long as they are read.
MAX_EXPANDED_BYTES = 1_000_000_000
#: Times that a member may grow; tables grow tenfold, and what repeats itself hundredfold.
MAX_RATIO = 250
#: A smaller member may grow as it likes.
_SMALL_BYTES = 10_000_000

_LONGEST_NAME = 150
_NESTED = {".zip"}
_NOT_READ = "F106"
_LEFT_OUT, _NOTHING, _LOCKED, _NESTED_ARCHIVE = "F138", "F139", "F140", "F141"
#: What programs leave in archives without being asked.
_LITTER = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class _Member:
    #: As it is shown to the sender.
    name: str
    info: zipfile.ZipInfo


def read_archive(path: Path, file_name: str, read_member: ReadMember) -> ReadResult:
    """Read every member; what is wrong with one does no harm to the others."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive)
            _check(members, path.stat().st_size)
            results = list(_read_members(archive, members, file_name, read_member))
    except Unreadable as reason:
        return refusal_of(reason, file_name)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return refused("F103", file_name, inside="a damaged or unfinished ZIP archive")
    tables = tuple(table for result in results for table in result.tables)
    findings = tuple(item for result in results for item in result.findings)
    if not tables and all(item.code == _LEFT_OUT for item in findings):
        return refused(_NOTHING, file_name)
    return ReadResult(tables, findings)


def _members(archive: zipfile.ZipFile) -> list[_Member]:
    """Return the files of an archive without what programs leave in it."""
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise too_large(f"it holds {len(infos):,} files")
    times: Counter[str] = Counter()
    members = []
    for info in infos:
        name = _shown_name(info.filename)
        if info.is_dir() or _is_litter(name):
            continue
        times[name] += 1
        shown = f"{times[name]} of {name}" if times[name] > 1 else name
        members.append(_Member(shown, info))
    return members


def _shown_name(name: str) -> str:
    """Return a member's path without steps upwards, drives and invisible signs."""
    printable = "".join(sign for sign in name.replace("\\", "/") if sign.isprintable())
    parts = [
        part
        for part in printable.split("/")
        if part not in {"", ".", ".."} and not part.endswith(":")
    ]
    return "/".join(parts)[-_LONGEST_NAME:] or "a file without a name"


def _is_litter(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        "__MACOSX" in path.parts
        or path.name.startswith((".", "~$"))
        or path.name.lower() in _LITTER
    )


def _check(members: Sequence[_Member], archive_bytes: int) -> None:
    """Let only an archive pass that is not made to fill the disk."""
    expanded = sum(member.info.file_size for member in members)
    if expanded > MAX_EXPANDED_BYTES:
        raise too_large(f"it unpacks to {expanded // 10**6:,} MB")
    if sum(member.info.compress_size for member in members) > archive_bytes:
        raise too_large("its files lie upon each other")
    for member in members:
        size, packed = member.info.file_size, member.info.compress_size
        if size > _SMALL_BYTES and size > MAX_RATIO * packed:
            raise too_large(
                f"`{member.name}` unpacks to over {MAX_RATIO} times its size"
            )


def _read_members(
    archive: zipfile.ZipFile,
    members: Sequence[_Member],
    file_name: str,
    read_member: ReadMember,
) -> Iterator[ReadResult]:
    scratch = Scratch()
    for number, member in enumerate(members):
        refusal = _refuse_unopened(member, file_name)
        if refusal is not None:
            yield refusal
            continue
        path = scratch.folder / str(number)
        try:
            with archive.open(member.info) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            inside = "damaged, or packed in a way that we cannot unpack"
            yield _labelled(refused("F103", member.name, inside=inside), member)
            continue
        result = read_member(path, member.name)
        if not result.tables:
            path.unlink()
        if [item.code for item in result.findings] == [_NOT_READ]:
            result = refused(_LEFT_OUT, file_name, member=member.name)
        yield _labelled(result, member, file_name, scratch)


def _refuse_unopened(member: _Member, file_name: str) -> ReadResult | None:
    """Answer for a member that is not to be unpacked, by what the archive says of it."""
    code = None
    if stat.S_ISLNK(member.info.external_attr >> 16):
        code = _LEFT_OUT
    elif member.info.flag_bits & 1:
        code = _LOCKED
    elif PurePosixPath(member.name).suffix.lower() in _NESTED:
        code = _NESTED_ARCHIVE
    if code is None:
        return None
    return _labelled(refused(code, file_name, member=member.name), member)


def _labelled(
    result: ReadResult,
    member: _Member,
    file_name: str = "",
    scratch: Scratch | None = None,
) -> ReadResult:
    """Say of tables and findings in which member they are."""
    return ReadResult(
        tuple(
            _labelled_table(item, member, file_name, scratch) for item in result.tables
        ),
        tuple(_labelled_finding(item, member) for item in result.findings),
    )


def _labelled_table(
    table: TextTable, member: _Member, file_name: str, scratch: Scratch | None
) -> TextTable:
    if table.scratch is not None and scratch is not None:
        table.scratch.hold(scratch)
    return replace(
        table,
        file_name=file_name,
        sheet=_place_name(member, table.sheet),
        member=member.name,
        findings=tuple(_labelled_finding(item, member) for item in table.findings),
        scratch=table.scratch or scratch,
    )


def _labelled_finding(finding: FileFinding, member: _Member) -> FileFinding:
    sheet = _place_name(member, finding.place.sheet)
    place: Place = finding.place.model_copy(update={"sheet": sheet})
    return finding.model_copy(update={"place": place})


def _place_name(member: _Member, sheet: str | None) -> str:
    return member.name if sheet is None else f"{member.name}: {sheet}"
