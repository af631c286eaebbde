"""What is wrong with documents: their text, their shape, and how they go with the rubric."""

from typing import Any

from dti_core.errors import Path, Problem
from dti_core.terms import LANGUAGES, Label
from dti_core.words import DOCUMENTS, Sentence

OR = {"vi": " hoặc ", "en": " or "}


def flaw(name: str, path: Path = (), rule: str | None = None, **values: Any) -> Problem:
    """The problem that a phrase tells; its rule is what the phrase's name begins with, where no other is given.

    >>> flaw("depth", ("custom",), most=64).text("vi")
    '$.custom: lồng nhau quá 64 cấp'
    """
    return Problem(path, Sentence(DOCUMENTS[name], values), rule or name.partition(".")[0])


def either(*types: str) -> Label:
    """The JSON types that are allowed, in words."""
    vi, en = (
        OR[language].join(DOCUMENTS[f"type.{each}"].text(language) for each in types)
        for language in LANGUAGES
    )
    return Label(vi, en)
