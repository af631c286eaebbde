"""Phrases, numbers and names as lines of one language."""

import unicodedata
from fractions import Fraction

import attrs

from dti_core.explain import steps
from dti_core.explain.phrases import PHRASES
from dti_core.rubric.tree import TOTAL
from dti_core.terms import LANGUAGES, Language
from dti_core.words import numbers

LONGEST_TITLE = 160
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@attrs.frozen
class Line:
    """A line of text, and how far it is set in."""

    text: str
    depth: int = 1

    def __str__(self) -> str:
        return "  " * self.depth + self.text


def clean(text: str) -> str:
    """Somebody's text as part of a line: without line breaks and turns of direction."""
    kept = (char for char in text if unicodedata.bidirectional(char) not in DIRECTIONS)
    return " ".join("".join(kept).split())


def capital(text: str) -> str:
    """The text as the beginning of a line."""
    return text[:1].upper() + text[1:]


@attrs.frozen
class Wording:
    """Phrases and numbers of one language."""

    language: Language

    def say(self, key: str, *values: object, **named: object) -> str:
        """A phrase with its values."""
        return PHRASES[key][LANGUAGES.index(self.language)].format(*values, **named)

    def number(self, value: Fraction) -> str:
        """A number written out."""
        return numbers.number(value, self.language)

    def chain(self, formula: str, value: Fraction) -> str:
        """A formula and what it comes to."""
        return f"{formula} {numbers.equals(value, self.language)}"

    def percent(self, share: Fraction) -> str:
        """A share in percent."""
        return self.number(100 * share) + "%"

    def fixed(self, value: Fraction, publication: steps.Publication) -> str:
        """A value with all the decimals that are published."""
        return numbers.fixed(value, publication.decimals, self.language)

    def node(self, code: str, title: str) -> str:
        """A node by code and title."""
        name = clean(title)
        name = name if len(name) <= LONGEST_TITLE else name[: LONGEST_TITLE - 1] + "…"
        if code == TOTAL or name.startswith(code):
            return name
        return f"{code} {name}" if code[0].isdigit() else f"{name} ({code})"
