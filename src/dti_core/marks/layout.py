"""Which column of a table of marks or measures holds what."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from dti_core.columns.cells import one_line
from dti_core.columns.codes import listed_codes, mapping
from dti_core.errors import Problem, raise_all, shorten
from dti_core.rubric import Rubric
from dti_core.terms import nfc
from dti_core.words import COLUMNS, near


def _called(columns: Any) -> dict[Any, str]:
    return {header: nfc(code) for header, code in mapping("columns", columns).items()}


@attrs.frozen
class Layout:
    """Which column of a table holds what.

    Raises :class:`~dti_core.InvalidDocument` for names of what the rubric does not have, and where one name stands for
    two things or two names for one.
    """

    leaves: Sequence[str]
    unit: str
    name: str | None
    attributes: Sequence[str]
    #: what the table calls a leaf or an attribute → its code
    called: Mapping[Any, str] = attrs.field(converter=_called)
    #: of a long table: the columns of leaf codes and of marks; None: the table is wide
    leaf: str | None = None
    mark: str = "mark"

    def __attrs_post_init__(self) -> None:
        raise_all("columns", self._problems())

    def header(self, code: str) -> Any:
        """What the table calls a leaf or an attribute."""
        return next((header for header, meant in self.called.items() if meant == code), code)

    @property
    def about_units(self) -> list[Any]:
        """The columns of codes, names and attributes."""
        named = [] if self.name is None else [self.name]
        return [self.unit, *named, *map(self.header, self.attributes)]

    def _problems(self) -> Iterator[Problem]:
        known, headers = [*self.leaves, *self.attributes], [*map(one_line, self.called)]
        meant = [*self.called.values()]
        for at, (header, code) in enumerate(self.called.items()):
            if code not in known:
                message = COLUMNS("no_leaf", code=shorten(code), near=near(code, known))
                yield Problem((str(header),), message, "unknown")
            if code in meant[:at]:
                yield Problem((str(header),), COLUMNS("second_name", code=shorten(code)), "duplicate")
            if headers[at] in headers[:at]:
                yield Problem((str(header),), COLUMNS("read_twice"), "duplicate")
        for code in known if self.leaf is None else self.attributes:
            if code not in meant and one_line(code) in headers:
                other = meant[headers.index(one_line(code))]
                if self.leaf is None or other in self.attributes:
                    yield Problem((code,), COLUMNS("taken", code=shorten(other)), "column")


def kept_attributes(rubric: Rubric, attributes: Any) -> tuple[str, ...]:
    """The attributes that a rubric declares, and those to keep besides."""
    return tuple(dict.fromkeys([*dict(rubric.attributes), *listed_codes("attributes", attributes)]))
