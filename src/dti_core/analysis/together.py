"""Several rubrics of one decision, published together: one ranking each, one table."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.sources import standing_of
from dti_core.analysis.standing import Standing, texts
from dti_core.errors import InvalidDocument, Problem, UnknownCode
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label, Language


@attrs.frozen(slots=False, eq=False, repr=False)
class Edition:
    """Results by the rubrics of one decision, each under a name of its own: ``edition["districts"]``.

    Units are ranked within their own result, never across: their scales differ. :func:`movement`, :func:`leaders`,
    :func:`bottom` and :func:`grade_counts` take an edition as they take a result; a result's name is the block of its
    units, followed by the block within it where its rubric declares any: ``departments / with-procedures``.
    """

    #: what the rubrics say their edition is
    edition: str
    results: Mapping[str, Result]

    def __repr__(self) -> str:
        return f"<Edition {self.edition}: {', '.join(self.results)}>"

    def __str__(self) -> str:
        return self.text()

    def __getitem__(self, name: str) -> Result:
        """One of the results."""
        if name not in self.results:
            raise UnknownCode("result", name, list(self.results))
        return self.results[name]

    @property
    def units(self) -> tuple[str, ...]:
        """The units of all results, one result after the other."""
        return tuple(chain.from_iterable(result.units for result in self.results.values()))

    def standing(self, node: str = TOTAL, by: By = None) -> Standing:
        """Where all units stand at a node that every rubric has; ``by`` is taken within each result."""
        parts = {name: standing_of(result, node, by) for name, result in self.results.items()}
        scales = {part.scale for part in parts.values()}
        bands = {part.bands for part in parts.values()}
        columns = {
            name: np.concatenate([getattr(part, name) for part in parts.values()])
            for name in ("ranks", "values", "grades")
        }
        return Standing(
            self.units,
            columns.pop("ranks"),
            groups=chain.from_iterable(_named(name, part.groups) for name, part in parts.items()),
            names=chain.from_iterable(part.names for part in parts.values()),
            titles=dict(
                chain.from_iterable(_titles(name, part.titles).items() for name, part in parts.items())
            ),
            bands=bands.pop() if len(bands) == 1 else (),
            scale=scales.pop() if len(scales) == 1 else None,
            **columns,
        )

    def columns(self, language: Language = "vi") -> dict[str, NDArray[Any]]:
        """One table of all: a dict of arrays, a row per unit.

        ``table`` (the result it is from), ``unit``, ``name``, ``group``, ``published``, ``points``, ``applicable``,
        ``scale`` (the rubric's maximum), ``rank``, ``of``, ``grade``.
        """
        standing = self.standing()
        results = self.results.values()
        told = standing.columns(language)
        sizes = [len(result.units) for result in results]
        maxima = [
            float(result.rubric.tree.maximum[TOTAL]) / 10**result.rubric.mark_decimals for result in results
        ]
        return {
            "table": np.repeat(texts(self.results), sizes),
            **{name: told[name] for name in ("unit", "name", "group", "published")},
            "points": np.concatenate([result.total.points for result in results]),
            "applicable": np.concatenate([result.total.applicable for result in results]),
            "scale": np.repeat(maxima, sizes),
            "rank": told["rank"],
            "of": standing.ranked_with,
            "grade": told["grade"],
        }

    def text(self, language: Language = "vi") -> str:
        """Each result under its rubric's title, best first."""
        parts = []
        for result in self.results.values():
            standing = standing_of(result)
            ranked = standing.leaders(max(1, len(standing.units)))
            others = standing.take(np.flatnonzero(standing.ranks == 0))
            tables = [each.text(language) for each in (ranked, others) if each.units]
            parts.append("\n".join([result.rubric.title.text(language), *tables]))
        return "\n\n".join(parts)


def _titles(name: str, groups: Mapping[str, Label]) -> dict[str, Label]:
    """What the blocks within a result are called beside its name."""
    return {
        f"{name} / {group}": Label(f"{name} / {title.vi}", f"{name} / {title.text('en')}")
        for group, title in groups.items()
    }


def publish_together(results: Mapping[str, Result]) -> Edition:
    """The results of one decision as one publication; each name serves as the block of its units.

    Raises :class:`~dti_core.InvalidDocument` unless all rubrics state the same ``edition`` and period, and no unit is
    assessed twice.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> def scored(code, maximum, **marks):
    ...     rubric = Rubric(code, code.title(), [Index("1", "Nhận thức số", maximum)], edition="01/QĐ-UBND")
    ...     points = [[mark] for mark in marks.values()]
    ...     return evaluate(rubric, MarkSheet.from_array(points, rubric, units=[*marks]))
    >>> edition = publish_together({"dept": scored("dept", 100, a=70, b=80), "dist": scored("dist", 50, c=35)})
    >>> [edition.columns()[name].tolist() for name in ("unit", "published", "scale", "rank", "of")]
    [['a', 'b', 'c'], [70.0, 80.0, 35.0], [100.0, 100.0, 50.0], [2, 1, 1], [2, 2, 1]]
    """
    problems = [*_problems(results)]
    if problems:
        raise InvalidDocument("edition", problems)
    return Edition(next(iter(results.values())).rubric.edition or "", dict(results))


def _problems(results: Mapping[str, Result]) -> Iterator[Problem]:
    if not results:
        yield Problem((), "is empty; give at least one result", "required")
        return
    first, *_ = results.values()
    seen: dict[str, str] = {}
    for name, result in results.items():
        edition, expected = result.rubric.edition, first.rubric.edition
        if edition is None:
            yield Problem(
                (name, "edition"), "is not stated by the rubric; rubrics of one decision share it", "edition"
            )
        elif expected not in (None, edition):
            message = f"is {edition!r}, but that of the first is {expected!r}; publish them apart"
            yield Problem((name, "edition"), message, "edition")
        period, wanted = (each.marks.period or each.rubric.period for each in (result, first))
        if period != wanted:
            yield Problem((name, "period"), f"is {period!r}, but that of the first is {wanted!r}", "period")
        for unit in result.units:
            if unit in seen:
                message = f"{unit!r} is in {seen[unit]!r} as well; a unit is assessed by one rubric"
                yield Problem((name, "units"), message, "duplicate")
            seen[unit] = name


def _named(name: str, groups: NDArray[np.object_]) -> Iterator[str | None]:
    for group in groups.tolist():
        yield None if group is None else f"{name} / {group}" if group else name
