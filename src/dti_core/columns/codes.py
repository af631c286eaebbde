"""Codes, names and options from wherever they come: NFC text, one of the words, or refused with the place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dti_core.columns.cells import cells
from dti_core.errors import SHOWN, InvalidArgument, InvalidDocument, Path, Problem, Said, raise_all, shorten
from dti_core.terms import CODE_LENGTH, Label, label_of, nfc, wrong_code, wrong_label, wrong_text
from dti_core.words import COLUMNS

Place = Callable[[int], Path]


class Codes(tuple[str, ...]):
    """Codes that were looked at already; only :func:`codes` makes them."""

    __slots__ = ()


def option(name: str, value: object, *words: str) -> None:
    """Refuse an option that is none of its words."""
    if not isinstance(value, str) or value not in words:
        listed = ", ".join(map(repr, words))
        raise InvalidArgument(COLUMNS("option", name=name, words=listed, value=shorten(value)))


def instance(name: str, value: object, kind: type) -> None:
    """Refuse what is not of the class that is wanted."""
    if not isinstance(value, kind):
        raise InvalidArgument(COLUMNS("kind", name=name, kind=kind.__name__, value=shorten(value)))


def mapping(name: str, value: Any) -> dict[Any, Any]:
    """What a mapping holds; nothing for None."""
    if not isinstance(value, Mapping | None):
        raise InvalidArgument(COLUMNS("no_mapping", name=name, value=shorten(value)))
    return dict(value or {})


def listed_codes(name: str, values: Any) -> Codes:
    """The codes of a list, by their places in it."""
    return codes(cells(values, name), name, lambda at: (at,))


def codes(listed: Sequence[Any], what: str, place: Place) -> Codes:
    """Codes in normal form C, each one that is none refused at its place."""
    if not _are_plain(listed):
        listed = [nfc(code) for code in listed]
        _refuse(what, ((place(at), wrong_code(code)) for at, code in enumerate(listed)))
    return Codes(listed)


def names(listed: Sequence[Any], what: str, place: Place) -> tuple[Label | None, ...]:
    """Names as labels, None where there is none; what is no name refused at its place."""
    _refuse(what, ((place(at), _wrong_name(name)) for at, name in enumerate(listed)))
    return tuple(None if name is None else label_of(name) for name in listed)


def _wrong_name(name: Any) -> str | Said | None:
    if name is None or isinstance(name, Label):
        return None
    if isinstance(name, str):
        return wrong_text(name)
    try:
        return wrong_label(label_of(name))
    except InvalidDocument as error:
        return error.problems[0].said


def _refuse(what: str, messages: Iterable[tuple[Path, str | Said | None]]) -> None:
    raise_all(what, (Problem(path, message, "code") for path, message in messages if message), SHOWN)


def _are_plain(codes: Sequence[Any]) -> bool:
    """Whether all are codes of the plainest kind, told from one look at all of them together."""
    try:
        text = " ".join(codes)
    except TypeError:
        return False
    spaced = text.count(" ") > len(codes) - 1 or "  " in text or text.startswith(" ") or text.endswith(" ")
    plain = bool(text) and text.isascii() and text.isprintable() and not spaced
    return plain and max(map(len, codes), default=0) <= CODE_LENGTH
