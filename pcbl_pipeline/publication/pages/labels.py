"""Codes as people read them: the labels of the code lists, in their order."""

from collections.abc import Iterable, Mapping

from pcbl_pipeline.contracts.codelist import Code, CodeList
from pcbl_pipeline.publication.messages import Messages

ALL_TOPICS = "ALL"
OTHER_TOPICS = "other_topics"
#: The first digits of the locale codes.
PLACES = ("1", "2", "3", "4")


class Labels:
    """Looks up labels. A code that no list knows is shown as it is."""

    def __init__(self, code_lists: Mapping[str, CodeList], messages: Messages) -> None:
        self._code_lists = code_lists
        self._messages = messages
        self._labels = {name: item.labels for name, item in code_lists.items()}
        self._topics = {
            ALL_TOPICS: messages.plain("assistance.topic_all"),
            OTHER_TOPICS: messages.plain("assistance.topic_other"),
        }
        self._places = {
            code: messages.plain(f"lesson.locales.{code}") for code in PLACES
        }

    def label(self, code_list: str, code: object) -> str:
        """Return a code's label."""
        text = str(code)
        return self._labels.get(code_list, {}).get(text, text)

    def topic(self, code: str) -> str:
        """Return a topic's label, or that of all or of the other topics."""
        return self._topics.get(code) or self.label("ta_topic", code)

    def place(self, code: str) -> str:
        """Return the label of a kind of place: city, suburb, town or rural."""
        return self._places.get(code, code)

    def size(self, band: str) -> str:
        """Return the label of a band of students of a site."""
        return self._messages.plain(f"lesson.sizes.{band}")

    def description(self, code_list: str, code: object) -> str | None:
        """Return what a code means, where its list says so."""
        found = [item for item in self.codes(code_list) if item.code == str(code)]
        return found[0].description if found else None

    def area_of_decision(self, decision_point: str) -> str | None:
        """Return the area of policy that a decision belongs to, as its list says."""
        words = self.description("decision_point", decision_point) or ""
        areas = [item.code for item in self.codes("policy_area")]
        return next((area for area in areas if f"Area {area}." in words), None)

    def codes(self, code_list: str) -> tuple[Code, ...]:
        """Return the codes of a list in its order; none for an unknown list."""
        return self._code_lists[code_list].codes if code_list in self._labels else ()

    def source(self, code_list: str) -> str:
        """Return where a code list comes from."""
        return self._code_lists[code_list].source

    def in_order(self, code_list: str, codes: Iterable[str]) -> list[str]:
        """Return distinct codes in their list's order, unknown ones last by name."""
        places = {item.code: place for place, item in enumerate(self.codes(code_list))}
        return sorted(
            set(codes), key=lambda code: (places.get(code, len(places)), code)
        )
