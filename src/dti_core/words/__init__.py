"""What the library says, in both languages: phrases with their values, numbers as each language writes them.

The phrases stand in the JSON files beside this module, a file for each subject, so that a translator needs no code.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pkgutil import get_data
from typing import Any

import attrs

from dti_core.errors import nearest
from dti_core.terms import Label, Language
from dti_core.words.numbers import number


@attrs.frozen(slots=False, eq=False)
class Catalogue(Mapping[str, Label]):
    """The phrases of a subject by name, read when one is first asked for.

    >>> HEADINGS["rank"].text("vi")
    'Hạng'
    """

    subject: str

    @cached_property
    def _phrases(self) -> dict[str, Label]:
        phrases = json.loads(get_data(__name__, f"{self.subject}.json") or b"{}")
        return {name: Label(**phrase) for name, phrase in phrases.items()}

    def __getitem__(self, name: str) -> Label:
        return self._phrases[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._phrases)

    def __len__(self) -> int:
        return len(self._phrases)


ANNEXES = Catalogue("annexes")
ANSWERS = Catalogue("answers")
AUDITS = Catalogue("audits")
CHANGES = Catalogue("changes")
COHERENCE = Catalogue("coherence")
COLUMNS = Catalogue("columns")
DEMONSTRATION = Catalogue("demonstration")
DIFFERENCES = Catalogue("differences")
DOCUMENTS = Catalogue("documents")
EXEMPT = Catalogue("exempt")
EXPLANATIONS = Catalogue("explanations")
HEADINGS = Catalogue("headings")
HISTORIES = Catalogue("histories")
MEASURES = Catalogue("measures")
MERGERS = Catalogue("mergers")
MOVEMENTS = Catalogue("movements")
NOTEBOOKS = Catalogue("notebooks")
PICTURES = Catalogue("pictures")
POLICIES = Catalogue("policies")
PROFILES = Catalogue("profiles")
REACH = Catalogue("reach")
RESULTS = Catalogue("results")
ROBUST = Catalogue("robust")
ROUNDS = Catalogue("rounds")
RUBRIC = Catalogue("rubric")
SUSPECTS = Catalogue("suspects")


@attrs.frozen
class Sentence:
    """A phrase of the catalogue with its values; ``str()`` tells it in English.

    >>> late = Sentence(Label("chậm {days} ngày, mất {points} điểm", "{days} days late, {points} points lost"),
    ...                 {"days": 3, "points": Decimal("2.5")})
    >>> late.text("vi"), str(late)
    ('chậm 3 ngày, mất 2,5 điểm', '3 days late, 2.5 points lost')
    """

    phrase: Label
    #: numbers that are Decimal or Fraction are written as the language writes them, labels and sentences told in it
    values: Mapping[str, Any] = attrs.field(factory=dict, hash=False)

    def text(self, language: Language = "vi") -> str:
        """The sentence in one language."""
        values = {name: _in(language, value) for name, value in self.values.items()}
        return self.phrase.text(language).format(**values)

    def __str__(self) -> str:
        return self.text("en")


def _in(language: Language, value: Any) -> Any:
    if isinstance(value, Label | Sentence):
        return value.text(language)
    return number(Fraction(value), language) if isinstance(value, Decimal | Fraction) else value


def near(code: object, known: Iterable[str]) -> Sentence | str:
    """A half sentence naming the nearest known code, or nothing."""
    code = nearest(code, [*known])
    return "" if code is None else Sentence(DOCUMENTS["near"], {"near": repr(code)})
