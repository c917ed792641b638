"""All words of the receipt's page, in one place, so that a test can read them all.

Braces are filled by the page. What does not belong here: the words of rules, which
stand in the contracts.
"""

from collections.abc import Iterator

from pcbl_pipeline.model.finding import Severity
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.model.withdrawal import WithdrawalNote

#: Status → the verdict in a sentence, and what it means for the sender.
VERDICTS: dict[Status, tuple[str, str]] = {
    Status.RECEIVED: ("We have your file.", "The answer will come soon."),
    Status.ACCEPTED: ("All {received} were taken.", "You do not need to do anything."),
    Status.ACCEPTED_WITH_QUARANTINE: (
        "{accepted} of {received} were taken.",
        (
            "The others wait for you. They are set aside and not lost. Correct them in "
            "your file as shown below, and send the whole file again."
        ),
    ),
    Status.HELD: (
        "No row was taken yet. All {received} wait for you.",
        (
            "The rows are set aside and not lost. Correct them in your file as shown "
            "below, and send the whole file again."
        ),
    ),
    Status.REFUSED: (
        "We could not take this file.",
        "Nothing was changed. Do what is shown below and send the file again.",
    ),
    Status.SUPERSEDED: (
        "A newer file of yours counts.",
        (
            "The rows are fine, but you had sent a newer file for the same data. You do "
            "not need to do anything."
        ),
    ),
    Status.WITHDRAWN: (
        "This file was withdrawn.",
        (
            "Its rows do not count, and no page shows them. Send a file again once what "
            "is said below is put right."
        ),
    ),
    Status.FAILED: (
        "Something on our side went wrong.",
        (
            "Your file is safe and nothing is lost. We try again by ourselves. You do "
            "not need to do anything."
        ),
    ),
}
#: Status → its name, for talking about a receipt.
STATUSES = {
    Status.RECEIVED: "Received",
    Status.ACCEPTED: "Accepted",
    Status.ACCEPTED_WITH_QUARANTINE: "Accepted in part",
    Status.HELD: "Held",
    Status.REFUSED: "Not taken",
    Status.SUPERSEDED: "Replaced by a newer file",
    Status.WITHDRAWN: "Withdrawn",
    Status.FAILED: "Our fault",
}
ALREADY_RECEIVED = "Already received"
#: The same for a file that was only checked: nothing was sent.
CHECKED: dict[Status, tuple[str, str]] = {
    Status.ACCEPTED: ("All {received} are right.", "You can send the file as it is."),
    Status.ACCEPTED_WITH_QUARANTINE: (
        "{accepted} of {received} are right.",
        "Correct the others as shown below before you send the file.",
    ),
    Status.HELD: (
        "Every row has something to correct.",
        "Correct the rows as shown below before you send the file.",
    ),
    Status.REFUSED: (
        "This file would not be taken.",
        "Do what is shown below before you send it.",
    ),
}
#: All rows that were found are right, but not all of the file could be read.
PART_UNREAD = {
    False: (
        "{accepted} taken. A part of the file could not be read.",
        "Do what is shown below and send the whole file again.",
    ),
    True: (
        "{accepted} right. A part of the file could not be read.",
        "Do what is shown below before you send the file.",
    ),
}
REPEAT = (
    "We already had this very file.",
    "Nothing was changed. If you meant to send a newer one, check which file you picked.",
)

SEVERITIES = {
    Severity.ERROR: "Must be corrected",
    Severity.WARNING: "Should be looked at",
    Severity.INFO: "For your information",
}

WORDS: dict[str, str] = {
    "skip": "Go to what to do",
    "fictional": "This network is invented. Its sites, people and numbers do not exist.",
    "receipt": "Receipt",
    "check": "Check at your desk. Nothing was sent.",
    "from": "From",
    "received": "Received",
    "checked": "File of",
    # ---------------------------------------------------------------- the rows
    "taken": "Taken",
    "right": "Right",
    "set_aside": "Set aside",
    "not_taken": "Not taken",
    "replaced": "{rows} had already been replaced by a newer file.",
    # ----------------------------------------------------------- where to begin
    "begin": "What to do first",
    "begin_many": "There are {count} things to correct. Start with number 1.",
    "begin_one": "There is one thing to correct.",
    "frees": "Fixing this frees {rows}.",
    "frees_so_far": (
        "Once this and all above it are fixed, {rows} of the {waiting} rows set aside are right."
    ),
    "frees_none": "Fixing this alone frees no row, since its rows have other mistakes too.",
    "opens": "Until this is corrected, we cannot look at the rows.",
    # ---------------------------------------------------------------- progress
    "progress": "Since your last file",
    "fixed": "Fixed",
    "still_open": "Still open",
    "new": "New",
    "left_out": "No longer in the file",
    "tries": "Your tries so far",
    "try": "Try {number}",
    "this_try": "This file",
    "to_correct": "{count} to correct",
    "nothing_open": "nothing to correct",
    # ---------------------------------------------------------------- findings
    "warnings_note": "These rows were taken. Correct them when you can.",
    "about_file": "About the file",
    "no_dataset": "A table that fits no dataset",
    "sheet": "Sheet",
    "what_to_do": "What to do",
    "expected": "What was expected",
    "example": "A right value",
    "where": "Where",
    "column": "Column",
    "row_one": "row",
    "rows_many": "rows",
    "more_rows": "and {count} more",
    "explains": "This explains {count} findings. They go away with it.",
    "explains_one": "This explains one more finding. It goes away with it.",
    "place": "Show the place",
    "places": "Show the {count} places",
    "places_cut": "Show the first {shown} of {count} places",
    "caption": "Rows are counted as your spreadsheet program shows them.",
    "row": "Row",
    "cell": "Cell",
    "value": "What is there",
    "suggestion": "Did you mean",
    "or": "or",
    "blank": "blank",
    "hidden": "not shown",
    "full_list": "All {count} places are in the file",
    "rule": "Rule",
    "no_fix": "Nothing to do.",
    "nothing": "Nothing to correct.",
    "not_checked": "Not checked here, because only the network knows: {rules}.",
    "read_as": "How we read it",
    "judged_by": "Judged by version {version} of the dataset {dataset}.",
    # ------------------------------------------------------------------ footer
    "answer": "answer {number}",
    "digest": "Fingerprint of your file (SHA-256)",
    "read_by": "Read by",
    "explain": "Or explain it",
    "explain_how": (
        "If it is right as it is, say so in the list `explain.csv`: fill the column "
        "and drop it into your inbox. Your state's pilot office decides."
    ),
    "beside": "These files next to this page help you:",
    "beside_check": (
        "The lists are about this very file. Send it first, and then drop a list."
    ),
    "lists": "Every single finding is in these files next to this page:",
    "for_people": "for your spreadsheet program",
    "for_programs": "for other programs",
    "privacy": "Rows set aside stay with your state's pilot office. Nobody else sees them.",
}  # fmt: skip


#: What is said of a withdrawal; words for the page's facts.
WITHDRAWAL: dict[str, str] = {
    "why": "Why",
    "withdrawn_by": "Withdrawn by",
    "by_on": "{by}, {day}",
    "its_bytes": "The file itself",
    "bytes_erased": "It was deleted, and so was all that our answers quoted from it.",
    "bytes_kept": "It is kept where only your state's pilot office can see it.",
    "again": "Your other files",
    "again_back": "{rows} of {file} count again. They had been replaced by this file.",
    "again_aside": "{rows} of {file} are set aside. They needed rows of this file.",
    "again_none": "Nothing else of yours has changed.",
    "again_answer": "See the new answer to it.",
}


def verdict_words(receipt: Receipt) -> tuple[str, str]:
    """Return the verdict in a sentence, and what it means for the sender."""
    if receipt.repeat:
        return REPEAT
    told = CHECKED if receipt.check_only else VERDICTS
    title, advice = told.get(receipt.status, VERDICTS[receipt.status])
    in_part = receipt.status is Status.ACCEPTED_WITH_QUARANTINE
    if in_part and receipt.rows.accepted == receipt.rows.received:
        title, advice = PART_UNREAD[receipt.check_only]
        accepted = count_words(receipt.rows.accepted, "row")
        return title.format(accepted=accepted), advice
    counts = {
        "received": count_words(receipt.rows.received, "row"),
        "accepted": f"{receipt.rows.accepted:,}",
    }
    title = title.format_map(counts)
    if receipt.rows.received == 1 and receipt.status in {Status.ACCEPTED, Status.HELD}:
        title = _ONE_ROW[receipt.status, receipt.check_only]
    return title, advice


_ONE_ROW = {
    (Status.ACCEPTED, False): "Your row was taken.",
    (Status.HELD, False): "Your row was not taken yet. It waits for you.",
    (Status.ACCEPTED, True): "Your row is right.",
    (Status.HELD, True): "Your row has something to correct.",
}


def withdrawal_words(receipt: Receipt) -> list[tuple[str, str]]:
    """Return what to say of a withdrawal, line by line; nothing where there is none."""
    told = receipt.withdrawal
    if told is None:
        return []
    by = WITHDRAWAL["by_on"].format(by=told.by, day=f"{told.withdrawn_at:%Y-%m-%d} UTC")
    return [
        (WITHDRAWAL["why"], told.reason),
        (WITHDRAWAL["withdrawn_by"], by),
        (
            WITHDRAWAL["its_bytes"],
            WITHDRAWAL["bytes_erased" if told.erased else "bytes_kept"],
        ),
        (WITHDRAWAL["again"], " ".join(_again_words(told)) or WITHDRAWAL["again_none"]),
    ]


def _again_words(told: WithdrawalNote) -> Iterator[str]:
    for item in told.again:
        for name, rows in (("again_back", item.back), ("again_aside", item.set_aside)):
            if rows:
                yield WITHDRAWAL[name].format(
                    rows=count_words(rows, "row"), file=item.file_name
                )
    if told.again:
        yield WITHDRAWAL["again_answer"]


def status_words(receipt: Receipt) -> str:
    """Return the name of what became of a file."""
    return ALREADY_RECEIVED if receipt.repeat else STATUSES[receipt.status]


def count_words(count: int, noun: str) -> str:
    """Write a count with its noun: "1 row", "2,000 rows"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


#: File beside a receipt → what it is for.
BESIDE: dict[str, str] = {
    "marked.xlsx": "Your file, with the cells to correct in color and a note on each.",
    "suggestions.csv": (
        "What you may have meant. Look through it and drop it into your inbox to accept it."
    ),
    "explain.csv": (
        "What may be right as it is. Write why into the column `explanation`, and drop "
        "the list into your inbox."
    ),
}


def all_words() -> list[str]:
    """Return every text of the page, for those who check them."""
    pairs = [*VERDICTS.values(), *CHECKED.values(), *PART_UNREAD.values(), REPEAT]
    return [
        *(text for pair in pairs for text in pair),
        *STATUSES.values(),
        ALREADY_RECEIVED,
        *SEVERITIES.values(),
        *WORDS.values(),
        *WITHDRAWAL.values(),
        *_ONE_ROW.values(),
        *BESIDE.values(),
    ]
