"""The exceptions of the library: few, picklable, each saying what, where and the likely fix."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from heapq import nlargest
from itertools import islice
from math import inf, log10
from os.path import commonprefix
from typing import Any, Literal, Protocol, Self, cast

import attrs

Path = tuple[str | int, ...]
Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


class Said(Protocol):
    """What is told in either language; ``str()`` tells it in English."""

    def text(self, language: Language = "vi") -> str:
        """The sentence in one language."""


class DTIError(Exception):
    """Any error this library raises on purpose; ``str()`` tells it in English.

    >>> from dti_core import load_rubric
    >>> try:
    ...     load_rubric("vn-922-province").title_of("totl")
    ... except DTIError as error:
    ...     print(error.text("vi"))
    không có nút nào mang mã 'totl'; có phải là 'total'?
    """

    def text(self, language: Language = "vi") -> str:
        """What is wrong, where, and how to mend it, in one language."""
        (said,) = self.args
        return text_in(said, language)

    def __str__(self) -> str:
        return self.text("en")


class UnitPlace(int):
    """The place of a unit in a list, counted from 0, told with the unit's code."""

    unit: str | None

    def __new__(cls, at: int, unit: str | None = None) -> Self:  # noqa: D102
        place = super().__new__(cls, at)
        place.unit = unit
        return place

    def known_by(self) -> "Iterator[Said]":
        """What people know it by."""
        if self.unit is not None:
            yield _sentence("unit", unit=shorten(self.unit))


class SheetRow(UnitPlace):
    """A row of a sheet, counted from 0 below the headings, told as a spreadsheet counts it, with the unit it is of.

    >>> print(Problem((SheetRow(6, "x07"), "4.2"), "is 51; at most 50").text("vi"))
    $[6]['4.2'] (dòng 8, đơn vị 'x07'): is 51; at most 50
    """

    @property
    def number(self) -> int:
        """What a spreadsheet calls it, whose row 1 are the headings."""
        return self + 2

    def known_by(self) -> "Iterator[Said]":  # noqa: D102
        yield _sentence("row", row=self.number)
        yield from super().known_by()


def jsonpath(path: Path) -> str:
    """A path as JSONPath writes it.

    >>> jsonpath(("indices", 0, "max_points"))
    '$.indices[0].max_points'
    """
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else _key(step) for step in path)


@attrs.frozen
class Problem:
    """One thing wrong: where (``path``), what and how to mend it (``message``), and the broken ``rule`` for programs.

    >>> str(Problem(("indices", 0, "max_points"), "is 30, but its components add up to 20", "sum"))
    '$.indices[0].max_points: is 30, but its components add up to 20'
    """

    #: keys, and places in lists, from 0
    path: Path
    #: in both languages, or text that stands in either
    said: str | Said
    #: a word for the rule that is broken, the same in every language
    rule: str = "value"

    @property
    def message(self) -> str:
        """What is wrong and how to mend it, in English."""
        return str(self.said)

    @property
    def values(self) -> Mapping[str, Any]:
        """What the sentence names, by the names in the phrase: the value, what was allowed, the unit, the leaf.

        >>> Problem((), "is empty").values
        {}
        """
        return dict(getattr(self.said, "values", {}))

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: Language = "vi") -> str:
        """Where, what, and how to mend it, in one language."""
        known_by = [
            said.text(language)
            for step in self.path
            if isinstance(step, UnitPlace)
            for said in step.known_by()
        ]
        aside = f" ({', '.join(known_by)})" if known_by else ""
        return f"{self.where}{aside}: {text_in(self.said, language)}"

    @property
    def where(self) -> str:
        """The path as JSONPath writes it."""
        return jsonpath(self.path)

    def under(self, *path: str | int) -> "Problem":
        """The same problem seen from ``path`` further out."""
        return attrs.evolve(self, path=(*path, *self.path))


class InvalidDocument(DTIError, ValueError):
    """A document, table or value cannot be used; every problem found is in ``problems``.

    >>> from dti_core import Index
    >>> try:
    ...     Index("1", "Nhận thức số", -1)
    ... except InvalidDocument as error:
    ...     print(error.text("vi"))
    Index: 1 lỗi
    $.max_points: là −1; không được âm
    """

    def __init__(self, what: str | Said, problems: Iterable[Problem]) -> None:
        self.what, self.problems = what, tuple(problems)
        super().__init__(what, self.problems)

    def text(self, language: Language = "vi") -> str:
        """Every problem on a line of its own, in one language; of very many the first."""
        count = len(self.problems)
        lines: list[str | Said] = [
            _sentence("problem" if count == 1 else "problems", what=_word("what", self.what), count=count),
            *self.problems[:SHOWN],
        ]
        if count > SHOWN:
            lines.append(_sentence("more", count=count - SHOWN))
        return "\n".join(text_in(line, language) for line in lines)


def raise_all(what: str | Said, problems: Iterable[Problem], most: int | None = None) -> None:
    """Refuse a document, table or value for all that is wrong with it, of very much the first; for nothing, nothing.

    >>> raise_all("table", [])
    """
    found = [*islice(problems, most)]
    if found:
        raise InvalidDocument(what, found)


class UnknownCode(DTIError, KeyError):
    """A code names no node, unit or attribute.

    >>> from dti_core import load_rubric
    >>> try:
    ...     load_rubric("vn-922-province").title_of("govenment")
    ... except UnknownCode as error:
    ...     print(error.code, "|", error)
    govenment | no node has the code 'govenment'; did you mean 'government'?
    """

    def __init__(self, kind: str | Said, code: object, known: Sequence[str] = ()) -> None:
        self.kind, self.code, self.known = kind, code, tuple(known)
        super().__init__(kind, code, self.known)

    def text(self, language: Language = "vi") -> str:
        """That no such thing has the code, and the nearest that one has, in one language."""
        from dti_core.words import near

        values = {
            "kind": _word("kind", self.kind),
            "code": shorten(self.code),
            "near": near(self.code, self.known),
        }
        return _sentence("unknown", **values).text(language)


class InvalidArgument(DTIError, ValueError):
    """A function was called with a value it does not take.

    >>> from dti_core import rank
    >>> try:
    ...     rank(["a"])
    ... except InvalidArgument as error:
    ...     print(type(error).__name__)
    InvalidArgument
    """


SHOWN = 50
MAX_KEY = 64
MAX_PROBLEMS = 200
"""So many problems of one part are gathered: hostile input may have millions."""
MAX_KNOWN = 1000
"""Among more codes than this no near one is looked for: it takes long."""
MAX_COMPARED = 20
"""So many codes are compared letter by letter: those that share most of their ends."""
MAX_SUGGESTIONS = 20
_LEFT: ContextVar[float] = ContextVar("near codes that may still be looked for", default=inf)


def shorten(value: object, limit: int = 60) -> str:
    """The value as it would be typed, cut so that hostile input cannot flood a message.

    >>> shorten("Huế"), shorten(-(10**1000))
    ("'Huế'", '≈ -10^1000')
    """
    if (
        isinstance(value, int) and value.bit_length() > 256
    ):  # not written out, which takes long, nor in one language
        return f"≈ {'-' if value < 0 else ''}10^{round(value.bit_length() * log10(2))}"
    text = repr(value[: limit + 1]) if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


@contextmanager
def few_suggestions(most: int = MAX_SUGGESTIONS) -> Iterator[None]:
    """Within it near codes are looked for so many times and no more, whoever asks: hostile input may have millions.

    Inside another it spends what the other allows.
    """
    outer = _LEFT.get()
    allowed = min(most, outer)
    _LEFT.set(allowed)
    try:
        yield
    finally:
        _LEFT.set(outer - allowed + _LEFT.get())


def nearest(code: object, known: Sequence[str]) -> str | None:
    """The known code that is most like one that is not known, where any is; see :func:`few_suggestions`."""
    left = _LEFT.get()
    if left <= 0 or not isinstance(code, str) or len(code) > MAX_KEY or len(known) > MAX_KNOWN:
        return None
    import difflib  # only errors need these

    _LEFT.set(left - 1)
    likely = nlargest(MAX_COMPARED, known, key=lambda other: _shared(code, other))
    return next(iter(difflib.get_close_matches(code, likely, n=1)), None)


def text_in(said: object, language: Language) -> str:
    """A sentence in one language; what is only text stands in either."""
    return said if isinstance(said, str) else cast("Said", said).text(language)


def _shared(one: str, other: str) -> int:
    """How many letters two codes begin and end with alike."""
    ends = ([one, other], [one[::-1], other[::-1]])
    return sum(len(commonprefix(pair)) for pair in ends)  # noqa: RUF071 - letter by letter is meant


def _key(step: str) -> str:
    return f".{step}" if len(step) <= MAX_KEY and step.isidentifier() else f"[{shorten(step)}]"


def _sentence(name: str, **values: Any) -> Said:
    """A phrase on errors, looked up when an error is told: the catalogue stands above."""
    from dti_core.words import ERRORS

    return ERRORS(name, **values)


def _word(kind: str, name: str | Said) -> str | Said:
    """What a thing is called in either language, where the catalogue has a word for it."""
    from dti_core.words import ERRORS

    return ERRORS.get(f"{kind}.{name}", name) if isinstance(name, str) else name
