"""Several rubrics of one decision, published together: one ranking each, one table."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import attrs
import numpy as np

from dti_core.analysis.compared import only_result
from dti_core.analysis.doors import given_by_name
from dti_core.analysis.outline import Outline
from dti_core.analysis.sources import beside, standing_of
from dti_core.analysis.standing import Standing
from dti_core.answer import ByCode, Columns, all_kept, texts
from dti_core.columns.frozen import Frozen
from dti_core.errors import Language, Problem, UnknownCode, raise_all
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label, wrong_text
from dti_core.terms.lookups import among, is_among
from dti_core.words import ANSWERS
from dti_core.words.tables import Table


def _results(results: Any) -> Frozen[str, Result]:
    return Frozen(
        {name: only_result(result) for name, result in given_by_name("results", results, wrong_text).items()}
    )


@attrs.frozen(slots=False, eq=False, repr=False)
class Edition(ByCode):
    """Results by the rubrics of one decision, each under a name of its own: ``edition["districts"]``.

    Units are ranked within their own result, never across: their scales differ. :func:`movement`, :func:`leaders`,
    :func:`bottom`, :func:`grade_counts` and :func:`to_reach` take an edition as they take a result; a result's name is
    the block of its units, followed by the block within it where its rubric declares any:
    ``departments / with-procedures``.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> from dti_core.analysis import publish_together
    >>> indices = [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)]
    >>> rubric = Rubric("demo", "Ví dụ", indices, edition="01/QĐ-UBND")
    >>> result = evaluate(rubric, MarkSheet.from_array([[30, 12], [21, 20]], rubric, units=["a", "b"]))
    >>> edition = publish_together({"districts": result})
    >>> edition.edition, edition["districts"].total.published.tolist(), edition.standing().ranks.tolist()
    ('01/QĐ-UBND', [42.0, 41.0], [1, 2])
    """

    #: by name, in the order given
    results: Frozen[str, Result] = attrs.field(converter=_results)
    _codes = "results"

    def __attrs_post_init__(self) -> None:
        raise_all("edition", _problems(self.results))

    def __repr__(self) -> str:
        return f"<Edition {self.edition}: {', '.join(self)}>"

    def __getitem__(self, name: str) -> Result:
        """One of the results."""
        return self.results[among("result", name, self.results)]

    @property
    def edition(self) -> str:
        """What the rubrics say their edition is."""
        return next(iter(self.results.values())).rubric.edition or ""

    @property
    def units(self) -> tuple[str, ...]:
        """The units of all results, one result after the other."""
        return tuple(chain.from_iterable(result.units for result in self.results.values()))

    def standing(self, *, node: str = TOTAL, by: By = None) -> Standing:
        """Where all units stand at a node that every rubric has; ``by`` is taken within each result."""
        parts = {name: standing_of(result, node=node, by=by) for name, result in self.results.items()}
        scales = {part.scale for part in parts.values()}
        bands = {part.bands for part in parts.values()}
        columns = {
            name: np.concatenate([getattr(part, name) for part in parts.values()])
            for name in ("ranks", "values", "grades")
        }
        return Standing(
            self.units,
            blocks=[
                None if block is None else block_name(name, block)
                for name, part in parts.items()
                for block in part.blocks
            ],
            names=[name for part in parts.values() for name in part.names],
            titles=dict(chain.from_iterable(_titles(*part) for part in parts.items())),
            bands=bands.pop() if len(bands) == 1 else (),
            scale=scales.pop() if len(scales) == 1 else None,
            decimals=max(part.decimals for part in parts.values()),
            **columns,
        )

    def columns(self, language: Language | None = None) -> Columns:
        """One table of all: a dict of arrays, a row per unit.

        ``table`` (the result it is from), ``unit``, ``name``, ``block``, ``rank``, ``published``, ``grade``, ``of``,
        ``points``, ``applicable``, ``scale`` (the rubric's maximum).
        """
        standing, results = self.standing(), self.results.values()
        sizes = [len(result.units) for result in results]
        columns: Columns = {
            "table": np.repeat(texts(self.results), sizes),
            **standing.columns(language),
            "of": standing.ranked_with,
            "points": np.concatenate([result.total.points for result in results]),
            "applicable": np.concatenate([result.total.applicable for result in results]),
            "scale": np.repeat([float(Outline.of(result).maximum(TOTAL)) for result in results], sizes),
        }
        return all_kept(columns)

    def _tables(self, language: Language) -> Iterator[Table]:
        """Each result under its rubric's title, best first, units without a rank apart."""
        for result in self.results.values():
            standing, title = standing_of(result), result.rubric.title.text(language)
            for part in (standing.leaders(max(1, len(standing.units))), standing.take(standing.ranks == 0)):
                for table in part._tables(language) if part.units else ():
                    yield attrs.evolve(table, title=title)
                    title = ""


def block_name(name: str, block: str) -> str:
    """What a block of a result is called in an edition."""
    return f"{name} / {block}" if block else name


def _titles(name: str, standing: Standing) -> Iterator[tuple[str, Label]]:
    """What the blocks within a result are called beside its name."""
    if not standing.titles:
        yield name, Label(name)
    for block, title in standing.titles.items():
        yield block_name(name, block), beside([name], title)


def publish_together(results: Mapping[str, Result]) -> Edition:
    """The results of one decision as one publication; each name serves as the block of its units.

    Raises :class:`~dti_core.InvalidDocument` unless all rubrics state the same ``edition`` and period, and no unit is
    assessed twice.

    >>> from dti_core import Index, MarkSheet, Result, Rubric, evaluate
    >>> def scored(code: str, maximum: float, **marks: float) -> Result:
    ...     rubric = Rubric(code, code.title(), [Index("1", "Nhận thức số", maximum)], edition="01/QĐ-UBND")
    ...     points = [[mark] for mark in marks.values()]
    ...     return evaluate(rubric, MarkSheet.from_array(points, rubric, units=[*marks]))
    >>> edition = publish_together({"dept": scored("dept", 100, a=70, b=80), "dist": scored("dist", 50, c=35)})
    >>> [edition.columns()[name].tolist() for name in ("unit", "published", "scale", "rank", "of")]
    [['a', 'b', 'c'], [70.0, 80.0, 35.0], [100.0, 100.0, 50.0], [2, 1, 1], [2, 2, 1]]
    """
    return Edition(results)


def results_of(source: Any) -> list[Any]:
    """The results of an edition; what is none is its only one."""
    return [*source.results.values()] if isinstance(source, Edition) else [source]


def name_with(source: object, unit: object) -> str | None:
    """The name under which an edition holds a unit; None where it does not, or there is no edition."""
    results = source.results if isinstance(source, Edition) else {}
    return next((name for name, result in results.items() if is_among(unit, result.units)), None)


def result_with(source: object, unit: object) -> Result:
    """The result that a unit is scored in: the source itself, or that one of an edition.

    Nothing else holds the marks that are asked for.
    """
    if not isinstance(source, Edition):
        among("unit", unit, only_result(source).units)
        return only_result(source)
    name = name_with(source, unit)
    if name is None:
        raise UnknownCode("unit", unit, source.units)
    return source.results[name]


def _problems(results: Mapping[str, Result]) -> Iterator[Problem]:
    if not results:
        yield Problem((), ANSWERS("edition.empty"), "required")
        return
    first, *_ = results.values()
    edition, period = first.rubric.edition, first.marks.period or first.rubric.period
    seen: dict[str, str] = {}
    for name, result in results.items():
        own, own_period = result.rubric.edition, result.marks.period or result.rubric.period
        if own is None:
            yield Problem((name, "edition"), ANSWERS("edition.none"), "edition")
        elif edition not in (None, own):
            yield Problem((name, "edition"), ANSWERS("edition.other", value=own, first=edition), "edition")
        if own_period != period:
            sentence = ANSWERS("edition.other", value=own_period, first=period)
            yield Problem((name, "period"), sentence, "period")
        for unit in result.units:
            if unit in seen:
                sentence = ANSWERS("edition.unit_twice", unit=unit, other=seen[unit])
                yield Problem((name, "units"), sentence, "duplicate")
            seen[unit] = name
