"""What the library gives back tells in one line what it is, and shows itself in a notebook."""

from functools import cache
from typing import Any

from gate_doors import ASSESSMENTS, DOORS, MEASURES

from dti_core.answer import Answer


@cache
def given_back() -> dict[str, Any]:
    """What of the library's own each public door gives back for arguments that it takes."""
    given = {
        name: door.call(**{each: value for each, value in door.arguments.items() if value is not ...})
        for name, door in DOORS.items()
    }
    own = {name: value for name, value in given.items() if type(value).__module__.startswith("dti_core")}
    return {**own, "assessments": ASSESSMENTS, "assessment": ASSESSMENTS["a"]}


def test_one_line_says_what_it_is() -> None:
    """In a log or a debugger whatever is given back is one line of its own, not a dump and not an address."""
    for door, value in given_back().items():
        assert "\n" not in repr(value), door
        assert " at 0x" not in repr(value), door
        assert len(repr(value)) < 3000, door


def test_a_notebook_shows_what_a_page_gets() -> None:
    """What a notebook shows of an answer, and of measures, is its HTML for pages."""
    shown: dict[str, Any] = {"measures": MEASURES}
    shown |= {door: value for door, value in given_back().items() if isinstance(value, Answer)}

    assert len(shown) > 20
    for door, value in shown.items():
        assert value._repr_html_() == value.to_html(), door
