"""What the library says, in both languages: phrases with their values, numbers as each language writes them."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from dti_core.terms import Label, Language
from dti_core.words.numbers import number


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
