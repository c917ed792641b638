"""Published files as a reader who looks for something would read them."""

import html
import io
import zipfile
from collections.abc import Iterable, Mapping

import polars as pl


def readable(path: str, content: bytes) -> str:
    """Return everything that a file says, also inside of Parquet, ZIP and PDF."""
    if path.endswith(".parquet"):
        return str(pl.read_parquet(content).to_dicts())
    if path.endswith(".pdf"):
        return _pdf_text(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(
                readable(name, archive.read(name)) for name in archive.namelist()
            )
    text = content.decode("utf-8-sig", errors="replace")
    return html.unescape(text) if path.endswith(".html") else text


def found_in(files: Mapping[str, bytes], secrets: Iterable[str]) -> dict[str, str]:
    """Return secret → path of a file that gives it away, for those given away."""
    texts = {path: readable(path, content) for path, content in files.items()}
    return {
        secret: path
        for secret in secrets
        for path, text in texts.items()
        if any(form in text for form in _forms(secret))
    }


def _forms(secret: str) -> tuple[str, ...]:
    """Return how a value may be written: a number also with commas in it."""
    return (secret, f"{int(secret):,}") if secret.isdecimal() else (secret,)


def _pdf_text(content: bytes) -> str:
    from pypdf import PdfReader  # noqa: PLC0415 - only where there is a PDF to read

    return "\n".join(
        page.extract_text() for page in PdfReader(io.BytesIO(content)).pages
    )
