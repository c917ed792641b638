"""Workbooks with everything in them that programs store otherwise than they show it.

`python -m tests.support.odd_workbooks FOLDER` writes the sources of the files in
`tests/data/workbooks`; the README there says how those were made. Invented content.
"""

import sys
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter

#: What the sheet `Lessons` holds, as one would type it.
HEADERS = (
    *("id", "share", "rate", "day", "moment", "time", "length", "text id"),
    *("error", "formula", "money", "note", "merged"),
)
ROWS = [
    (
        5,
        (
            *("0499901", "45", "7.5", "2026-03-09", "2026-03-09T14:30:00"),
            *("08:30:00", "36:00:00", "0499901", "#N/A", "2", "1234.5"),
            *("two\nlines  and   spaces", None),
        ),
    ),
    (6, ("0000001", *[None] * 7, "#DIV/0!", *[None] * 3, "m")),
    (7, ("12345678", *[None] * 6, "x", *[None] * 5)),
]


def write_odd_workbook(path: Path, *, date_1904: bool = False) -> None:
    """Write the workbook; its table begins at B3."""
    with xlsxwriter.Workbook(str(path), {"date_1904": date_1904}) as book:
        form = {
            name: book.add_format({"num_format": code})
            for name, code in {
                "id": "0000000",
                "share": "0%",
                "rate": "0.0%",
                "day": "yyyy-mm-dd",
                "moment": "yyyy-mm-dd hh:mm",
                "time": "hh:mm",
                "length": "[h]:mm:ss",
                "money": "#,##0.00",
            }.items()
        }
        sheet = book.add_worksheet("Lessons")
        sheet.write_row(2, 1, HEADERS)
        sheet.write(4, 1, 499901, form["id"])
        sheet.write(4, 2, 0.45, form["share"])
        sheet.write(4, 3, 0.075, form["rate"])
        sheet.write(4, 4, date(2026, 3, 9), form["day"])
        moment = datetime(2026, 3, 9, 14, 30)  # noqa: DTZ001 - cells have no zone
        sheet.write(4, 5, moment, form["moment"])
        sheet.write(4, 6, time(8, 30), form["time"])
        sheet.write(4, 7, 1.5, form["length"])
        sheet.write_string(4, 8, "0499901")
        sheet.write_formula(4, 9, "=NA()", None, "#N/A")
        sheet.write_formula(4, 10, "=1+1", None, 2)
        sheet.write(4, 11, 1234.5, form["money"])
        sheet.write(4, 12, "two\nlines  and   spaces")
        sheet.write_comment(4, 12, "a comment")
        sheet.write(5, 1, 1, form["id"])
        sheet.write_formula(5, 9, "=1/0", None, "#DIV/0!")
        sheet.merge_range(5, 13, 6, 13, "m")
        sheet.write(6, 1, 12345678, form["id"])
        sheet.write(6, 8, "x")
        hidden = book.add_worksheet("Old")
        hidden.write_column(0, 0, ["a", "1"])
        hidden.hide()
        book.add_worksheet("Nothing")


def main(folder: Path) -> None:
    """Write both sources."""
    write_odd_workbook(folder / "odd.xlsx")
    write_odd_workbook(folder / "odd-1904.xlsx", date_1904=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
