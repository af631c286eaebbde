"""What is wrong with documents: their text, their shape, and how they go with the rubric."""

from typing import Any

from dti_core.errors import Path, Problem
from dti_core.words import DOCUMENTS, Phrase, Sentence


def flaw(name: str, path: Path = (), rule: str | None = None, **values: Any) -> Problem:
    """The problem that a phrase tells; its rule is what the phrase's name begins with, where no other is given.

    >>> flaw("depth", ("custom",), most=64).text("vi")
    '$.custom: lồng nhau quá 64 cấp'
    """
    return Problem(path, Sentence(DOCUMENTS[name], values), rule or name.partition(".")[0])


def either(first: str, *others: str) -> Phrase | Sentence:
    """The JSON types that are allowed, in words."""
    name = DOCUMENTS[f"type.{first}"]
    return Sentence(DOCUMENTS["type.or"], {"one": name, "other": either(*others)}) if others else name
