"""Files stay calm: long code is either a table of declarations or in trouble."""

from tests.support.sizes import file_lengths

LIMIT_LINES = 400
#: Long by nature: declarations, not procedures. Each with its reason.
TABLES_OF_DECLARATIONS: dict[str, str] = {}


def test_no_code_file_is_longer_than_the_limit():
    too_long = {
        item.name: item.lines
        for item in file_lengths()
        if item.lines > LIMIT_LINES and item.name not in TABLES_OF_DECLARATIONS
    }

    assert not too_long, f"split these by subject: {too_long}"


def test_every_listed_table_is_still_long():
    long = {item.name for item in file_lengths() if item.lines > LIMIT_LINES}

    assert set(TABLES_OF_DECLARATIONS) <= long, "take these off the list"
