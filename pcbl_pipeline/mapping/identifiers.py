"""Direct identifiers: what a column's header says about naming a person.

Only the header is looked at here; the cells are looked at in `identifying_values`.
"""

import re
import unicodedata
from enum import StrEnum


class Identifier(StrEnum):
    """Kinds of direct identifiers, in the words of a message."""

    NAME = "names of people"
    BIRTH_DATE = "birth dates"
    EMAIL = "e-mail addresses"
    PHONE = "phone numbers"
    ADDRESS = "home or internet addresses"
    STUDENT_ID = "student ids"
    STAFF_ID = "ids of staff"


_LEARNER = {
    "student", "students", "learner", "child", "pupil", "stu", "std", "taker",
    "examinee", "candidate",
}  # fmt: skip
#: Before `ID` they say whose list of learners it is from, unless a thing is named too.
_LISTS = {"local", "state", "perm", "sis"}
_THINGS = {
    "school", "district", "account", "client", "org", "organization", "site",
    "program", "class", "course", "test", "assessment", "group", "form", "corporation",
    "lea", "campus", "building", "teacher", "staff", "agency", "standard", "item",
    "section", "assignment", "room",
}  # fmt: skip
_STAFF = {
    "teacher", "teachers", "staff", "educator", "instructor", "user", "advisor",
    "advisors", "adviser", "coach", "coaches", "mentor", "mentors", "counselor",
    "counsellor", "principal", "tutor", "facilitator", "evaluator", "assessor", "rater",
    "scorer", "observer", "examiner", "proctor", "interventionist", "caseworker",
}  # fmt: skip
#: Words beside one for staff that leave it a header of a person.
_OF_STAFF = {
    "of", "class", "s", "record", "homeroom", "lead", "primary", "assigned", "current",
    "main", "course", "section", "group", "crew",
}  # fmt: skip
#: What people do: `Scored by` holds who did it.
_DONE = {
    "scored", "graded", "assessed", "entered", "evaluated", "rated", "observed",
    "created", "modified", "updated", "submitted", "taught", "administered", "recorded",
    "reviewed", "approved", "verified",
}  # fmt: skip
#: Alone in a header, in the singular, each of them is a person and no count.
_ONE_PERSON = {
    "student", "learner", "child", "pupil", "examinee", "candidate", "parent",
    "guardian", "mother", "father",
}  # fmt: skip
_RELATIVE = {"parent", "guardian", "mother", "father", "family", "contact"}
_NAME_PARTS = {
    "first", "last", "middle", "given", "full", "preferred", "legal", "nick",
    "maiden", "display", "f", "l", "m",
}  # fmt: skip
_NAMES = {
    "name", "names", "surname", "lastname", "firstname", "middlename", "fullname",
    "lastnm", "firstnm", "nickname", "givenname", "forename", "fname", "lname", "mname", "mi", "initial", "initials",
}  # fmt: skip
_IDS = {"id", "ids", "number", "num", "nr", "code", "identifier", "login"}
#: Words that stand for a number only in a short header: `Student No`.
_SHORT_IDS = {"no"}
_SHORT_HEADER = 3
_BIRTH = {"birth", "birthdate", "birthday", "dob", "born", "birthdt"}
_PHONES = {"phone", "telephone", "tel", "mobile", "cellphone", "fax", "phonenumber"}
_EMAILS = {"email", "emails", "mail", "emailaddress"}
_PLACES = {"address", "street", "addr", "zip", "zipcode", "postal", "ip"}
#: Words after which an address is one of the web, and a name one of a thing.
_NO_PLACE = {"web", "url", "uri", "website", "page"}
_KINDS = {
    Identifier.BIRTH_DATE: _BIRTH,
    Identifier.EMAIL: _EMAILS,
    Identifier.PHONE: _PHONES,
    Identifier.ADDRESS: _PLACES,
}
_WHOLE = {
    "ssn": Identifier.STUDENT_ID,
    "stn": Identifier.STUDENT_ID,
    "uid": Identifier.STUDENT_ID,
    "ssid": Identifier.STUDENT_ID,
    "sasid": Identifier.STUDENT_ID,
    "lasid": Identifier.STUDENT_ID,
    "suid": Identifier.STUDENT_ID,
    "socialsecuritynumber": Identifier.STUDENT_ID,
    "username": Identifier.STUDENT_ID,
    "login": Identifier.STUDENT_ID,
    "loginid": Identifier.STUDENT_ID,
    "uniqueid": Identifier.STUDENT_ID,
    "externalid": Identifier.STUDENT_ID,
    "userid": Identifier.STUDENT_ID,
    "studentid": Identifier.STUDENT_ID,
    "studentnumber": Identifier.STUDENT_ID,
    "name": Identifier.NAME,
    "lastfirst": Identifier.NAME,
    "firstlast": Identifier.NAME,
}
_HASHED = {"key", "keys", "hash", "hashed"}


def named_by(header: str) -> Identifier | None:
    """Return which kind of direct identifier a header names, if it names one."""
    words = header_words(header)
    said = set(words)
    if said & _HASHED:
        return None
    whole = "".join(words)
    if whole in _WHOLE:
        return _WHOLE[whole]
    for kind, names in _KINDS.items():
        if said & names and not (kind is Identifier.ADDRESS and said & _NO_PLACE):
            return kind
    return _of_a_person(said, is_short=len(words) <= _SHORT_HEADER)


def _of_a_person(said: set[str], *, is_short: bool) -> Identifier | None:
    if {"social", "security"} <= said or said & {"ssn", "ssid"}:
        return Identifier.STUDENT_ID
    if said & (_NAMES - {"name", "names"}):
        return Identifier.NAME
    people = _LEARNER | _STAFF | _RELATIVE
    if said & {"name", "names"} and said & (people | _NAME_PARTS):
        return Identifier.NAME
    return _id_of_a_person(said, _IDS | _SHORT_IDS if is_short else _IDS)


def _id_of_a_person(said: set[str], ids: set[str]) -> Identifier | None:
    from_a_list = said & _LISTS and not said & _THINGS
    if said & ids and (said & _LEARNER or from_a_list):
        return Identifier.STUDENT_ID
    if said & ids and said & _STAFF:
        return Identifier.STAFF_ID
    return Identifier.NAME if _is_somebody(said) else None


def _is_somebody(said: set[str]) -> bool:
    """Tell whether a header is nothing but a word for a person."""
    # `Class Teacher(s)` holds names, `Is Teacher CoTeacher` does not.
    is_staff = bool(said & _STAFF) and said <= _STAFF | _OF_STAFF
    is_doer = "by" in said and bool(said & _DONE)
    is_one = bool(said & _ONE_PERSON) and said <= _ONE_PERSON | {"test", "taker"}
    return is_staff or is_doer or is_one or said == {"case", "manager"}


def is_of_staff(header: str) -> bool:
    """Tell whether a header is about people who teach."""
    return bool(_STAFF & set(header_words(header)))


def header_words(header: str) -> list[str]:
    """Split a header into its words in small letters: `StudentFirstName` has three."""
    text = unicodedata.normalize("NFKC", header)
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", text)
    text = text.replace("#", " number ")
    # `Number of levels` is a count, no number that anybody bears.
    text = re.sub(r"(?i)\b(number|num|no)[ _]of\b", "count of", text)
    return re.findall(r"[a-z]+", text.casefold())
