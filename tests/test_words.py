"""What the library says, it says in both languages."""

import json
import re
import string
from pathlib import Path

import pytest

import dti_core
from dti_core.words import Catalogue

SOURCE = Path(dti_core.__file__).parent
FILES = sorted((SOURCE / "words").glob("*.json"))


def placeholders(text: str) -> set[str | None]:
    """The values that a phrase takes."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_both_languages(file: Path) -> None:
    """Every phrase has Vietnamese and English, takes the same values in both, and has one place."""
    pairs = json.loads(file.read_text("utf-8"), object_pairs_hook=list)
    phrases = Catalogue(file.stem)

    assert len(phrases) == len(pairs) > 0
    for name, label in phrases.items():
        assert label.en, name
        assert placeholders(label.vi) == placeholders(label.en), name


def test_every_phrase_that_is_asked_for_is_there() -> None:
    """A phrase asked for by its name is in the file of its subject."""
    asked = [
        (subject.lower(), name)
        for file in SOURCE.rglob("*.py")
        for subject, name in re.findall(r"\b([A-Z]{6,})\[\"([\w. ]+)\"\]", file.read_text("utf-8"))
    ]
    subjects = {file.stem: Catalogue(file.stem) for file in FILES}

    assert len(asked) > 20
    assert [
        (subject, name) for subject, name in asked if subject in subjects and name not in subjects[subject]
    ] == []
