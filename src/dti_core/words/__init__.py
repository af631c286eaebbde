"""What the library says, in both languages: phrases with their values, numbers as each language writes them.

The phrases stand in the JSON files beside this module, a file for each subject, so that a translator needs no code.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from dti_core.errors import LANGUAGES, InvalidArgument, Language, nearest, shorten
from dti_core.words.numbers import number

WRITTEN_OUT = 256
"""Numbers of more bits, or of more digits on either side of the mark, are not written out."""


@attrs.frozen
class Phrase:
    """Words in Vietnamese and, where there are any, in English.

    >>> Phrase("Nhận thức số", "Digital awareness").text("en"), Phrase("Nhận thức số").text("en")
    ('Digital awareness', 'Nhận thức số')
    """

    #: in Vietnamese
    vi: str = attrs.field(repr=shorten)
    #: in English; None: the Vietnamese is told instead
    en: str | None = attrs.field(default=None, repr=shorten)

    def text(self, language: Language = "vi") -> str:
        """The words in the language asked for; Vietnamese where there is no English."""
        if not isinstance(language, str) or language not in LANGUAGES:
            raise InvalidArgument(ERRORS("language", value=shorten(language)))
        return self.en if language == "en" and self.en is not None else self.vi

    @property
    def both(self) -> str:
        """The English, with the Vietnamese on the next line: for errors of Python, which are told in no language."""
        return f"{self.en}\n{self.vi}"

    def __str__(self) -> str:
        return self.vi


@attrs.frozen(slots=False, eq=False)
class Catalogue(Mapping[str, Phrase]):
    """The phrases of a subject by name, read when one is first asked for; called, it fills one in with values.

    >>> HEADINGS["rank"].text("vi")
    'Hạng'
    >>> COLUMNS("decimals", value="2.125", decimals=2).text("en")
    "is 2.125, more than 2 decimals; round it (a table takes rounding='half_up')"
    """

    subject: str

    @cached_property
    def _phrases(self) -> dict[str, Phrase]:
        import json  # importing the library reads no phrase
        from pkgutil import get_data

        phrases = json.loads(get_data(__name__, f"{self.subject}.json") or b"{}")
        return {name: Phrase(**phrase) for name, phrase in phrases.items()}

    def __getitem__(self, name: str) -> Phrase:
        return self._phrases[name]

    def __call__(self, phrase: str, /, **values: Any) -> "Sentence":
        """A sentence of the catalogue."""
        return Sentence(self[phrase], values)

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
COMMANDS = Catalogue("commands")
DEMONSTRATION = Catalogue("demonstration")
DIFFERENCES = Catalogue("differences")
DOCUMENTS = Catalogue("documents")
ERRORS = Catalogue("errors")
EXCLUSIONS = Catalogue("exclusions")
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
RULES = Catalogue("rules")
SUSPECTS = Catalogue("suspects")
TERMS = Catalogue("terms")


@attrs.frozen
class Sentence:
    """A phrase of the catalogue with its values; ``str()`` tells it in English.

    >>> late = Sentence(Phrase("chậm {days} ngày, mất {points} điểm", "{days} days late, {points} points lost"),
    ...                 {"days": 3, "points": Decimal("2.5")})
    >>> late.text("vi"), str(late)
    ('chậm 3 ngày, mất 2,5 điểm', '3 days late, 2.5 points lost')
    """

    #: the words, with places for the values
    phrase: Phrase
    #: numbers that are Decimal or Fraction are written as the language writes them, phrases and sentences told in it,
    #: what is in a list one after another
    values: Mapping[str, Any] = attrs.field(factory=dict, hash=False)

    def text(self, language: Language = "vi") -> str:
        """The sentence in one language."""
        values = {name: _in(language, value) for name, value in self.values.items()}
        return self.phrase.text(language).format(**values)

    def __str__(self) -> str:
        return self.text("en")


def _in(language: Language, value: Any) -> Any:
    if isinstance(value, Phrase | Sentence):
        return value.text(language)
    if isinstance(value, list):
        return ", ".join(str(_in(language, part)) for part in value)
    return _number(value, language) if isinstance(value, Decimal | Fraction) else value


def _number(value: Decimal | Fraction, language: Language) -> str:
    """A number written out; one too large or too small for that, as hostile input may have, by its first digits."""
    if (
        isinstance(value, Fraction)
        and max(map(int.bit_length, (value.numerator, value.denominator))) > WRITTEN_OUT
    ):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    if isinstance(value, Decimal) and abs(value.adjusted()) > WRITTEN_OUT:
        return f"{value:.3g}"
    return number(Fraction(value), language)


def near(code: object, known: Iterable[str]) -> Sentence | str:
    """A half sentence naming the nearest known code, or nothing."""
    code = nearest(code, [*known])
    return "" if code is None else Sentence(DOCUMENTS["near"], {"near": code})
