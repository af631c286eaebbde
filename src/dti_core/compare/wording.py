"""Changes of a rubric in words."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from dti_core.errors import Language
from dti_core.exact import decimal_of
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.rubric.policy import AttributeOrder
from dti_core.terms import Label
from dti_core.words import DIFFERENCES as WORDS
from dti_core.words import Phrase
from dti_core.words.numbers import number

LONGEST = 80
SIGNS = {"at_least": "≥", "above": ">", "at_most": "≤", "below": "<"}


def called(name: str) -> Phrase:
    """What a kind of change, a part or a field is called; what has no word speaks for itself."""
    return WORDS.get(name) or Phrase(name)


def shown(value: Any, language: Language) -> str:
    """A value on one line, cut where it is long."""
    if value is None or value in ((), {}):
        return "—"
    if isinstance(value, bool):
        return WORDS["yes" if value else "no"].text(language)
    if isinstance(value, Decimal | int | Fraction):
        return str(value) if decimal_of(value) is None else number(Fraction(value), language)
    line = " ".join(_text(value, language).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _text(value: Any, language: Language) -> str:
    if isinstance(value, Label):
        return value.text(language)
    if isinstance(value, tuple):
        return ", ".join(shown(part, language) for part in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {shown(part, language)}" for name, part in value.items())
    if isinstance(value, AttributeOrder):
        return f"{value.attribute} ({WORDS[value.order].text(language)})"
    if isinstance(value, NodeCondition):
        return _condition(value, language)
    return _fields(value, language) if attrs.has(type(value)) else str(value)


def _condition(condition: NodeCondition, language: Language) -> str:
    bounds = (f"{SIGNS[name]} {shown(bound, language)}" for name, bound in condition.bounds.items())
    unit = f" {WORDS['points'].text(language)}" if condition.in_ == "points" else ""
    return f"{condition.node} {' '.join(bounds)}{unit}"


def _fields(value: Any, language: Language) -> str:
    parts = attrs.asdict(value, recurse=False).items()
    known = ((called(name.rstrip("_")).text(language), part) for name, part in parts if part is not None)
    return ", ".join(f"{name} {shown(part, language)}" for name, part in known)
