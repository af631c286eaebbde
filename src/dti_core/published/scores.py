"""The scores of all units at one node, as columns; what says nothing is left out of them."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.factor import locked
from dti_core.evaluation.rules import NOTHING, ratio
from dti_core.exact.rationals import Rationals
from dti_core.rubric.policy import Policy

Exacts = Annotated[Rationals, "exact"]
Printeds = Annotated[Rationals, "printed"]
"""Published values; the denominators are those of the decimals they are printed with."""
Ranks = Annotated[NDArray[np.int64], "ranks"]
"""0 where a unit has none."""
Ints = NDArray[np.int64]
Grades = Annotated[tuple[str | None, ...], "grades"]


@attrs.frozen
class Score:
    """What a unit got at a node, exactly; None is null."""

    #: what the marks earn that count; 0 where nobody marked
    points: Fraction
    #: the maximum left after exclusions
    applicable: Fraction | None = None
    #: points / applicable
    rate: Fraction | None = None
    #: the points converted to the scale of the node, unrounded; of the total, after bonus and penalty
    score: Fraction | None = None
    #: with the decimals it was printed with
    published: Decimal | None = None
    #: in the unit's block, from 1; None: not ranked
    rank: int | None = None
    #: units ranked with it, itself included
    of: int | None = None
    #: the code of the band; None: no grade
    grade: str | None = None
    #: of the total, the grade by the thresholds alone where it is another
    by_thresholds: str | None = None
    #: the maximum of what is marked / of all that applies
    completeness: Fraction | None = None
    #: the maximum of what is marked / of the node
    coverage: Fraction | None = None


def _pairs(values: Rationals | None) -> Any:
    return values and (values.numerator.tolist(), values.denominator.tolist())


def _terms(values: Rationals | None) -> Any:
    return values and _pairs(values.lowest_terms())


def _listed(values: NDArray[np.int64] | None) -> Any:
    return None if values is None else values.tolist()


def _locked(values: Rationals | None) -> Rationals | None:
    return values and Rationals(locked(values.numerator), locked(values.denominator))


def _exact() -> Any:
    return attrs.field(default=None, converter=_locked, eq=_terms)


@attrs.frozen(kw_only=True)
class NodeScores:
    """What each unit got at a node, as columns over the units of the result.

    A column that is left out (None) is what :func:`filled` makes of the others.
    """

    #: null: a leaf that nobody marked
    points: Exacts = attrs.field(converter=_locked, eq=_terms)
    #: left out where it is the node's maximum for every unit
    applicable: Exacts | None = _exact()
    #: left out where it is points / applicable of the scale
    score: Exacts | None = _exact()
    #: with the decimals it is printed with; left out where no unit has any
    published: Printeds | None = attrs.field(default=None, converter=_locked, eq=_pairs)
    #: in the unit's block, 0 for none; left out where no unit is ranked
    rank: Ranks | None = attrs.field(default=None, eq=_listed, converter=attrs.converters.optional(locked))
    #: codes of bands; left out where no unit has any
    grade: Grades | None = None
    #: of the total, the grade by the thresholds alone where it is another
    by_thresholds: Grades | None = None
    #: left out where everything that applies is marked
    completeness: Exacts | None = _exact()
    #: left out where it is applicable / maximum, 0 of what nobody marked
    coverage: Exacts | None = _exact()

    def of_rows(self, rows: Ints) -> "NodeScores":
        """The scores of some units."""
        columns = {name: getattr(self, name) for name in FIELDS}
        return NodeScores(**{name: _of_rows(column, rows) for name, column in columns.items()})


def _of_rows(column: Any, rows: Ints) -> Any:
    if isinstance(column, Rationals):
        return column.take(rows)
    if isinstance(column, tuple):
        return tuple(column[row] for row in rows.tolist())
    return None if column is None else column[rows]


FIELDS = tuple(attrs.fields_dict(NodeScores))
BESIDE_POINTS = FIELDS[1:]
RANKED_FIELDS = ("rank", "grade", "by_thresholds")
"""What units have among those that they are ranked with."""
UNRANKED_FIELDS = tuple(field for field in FIELDS if field not in RANKED_FIELDS)


@attrs.frozen(eq=False)
class TickSums:
    """P and A of a node for all units, in ticks; of its leaves, before caps, what applies, what is missing, and all."""

    points: Ints
    applicable: Ints
    counted: Ints
    missing: Ints | None
    full: Ints

    def columns(self, scale: int, maximum: int, *, is_leaf: bool) -> dict[str, Rationals | None]:
        """The columns that they come to, without those that follow from others of the node; ``scale`` ticks a point."""
        point = np.full_like(self.points, scale)
        points = Rationals(self.points, point)
        applicable = None if (self.applicable == maximum).all() else Rationals(self.applicable, point)
        lacks = self.missing is not None and bool(self.missing.any())
        marked = self.counted - self.missing if self.missing is not None and lacks else self.counted
        if is_leaf:
            told = points.where(self.counted > marked, None) if lacks else points
            return {"points": told, "applicable": applicable}
        full = np.broadcast_to(self.full, marked.shape)
        coverage = Rationals(marked * (full > 0), full)
        covered = (coverage.equals(self._applies(maximum)) | coverage.null).all()
        return {
            "points": points,
            "applicable": applicable,
            "completeness": Rationals(marked, self.counted) if lacks else None,
            "coverage": None if covered else coverage,
        }

    def _applies(self, maximum: int) -> Rationals:
        """What part of the maximum applies."""
        return Rationals(self.applicable * (maximum > 0), np.full_like(self.applicable, maximum))


def filled(scores: NodeScores, maximum: Fraction | None, policy: Policy) -> NodeScores:
    """The scores with every column, of a node that is worth so much; None has points only."""
    count = len(scores.points.numerator)
    nowhere = np.zeros(count, dtype=np.int64)
    absent: dict[str, Any] = {"rank": nowhere, "grade": (None,) * count, "by_thresholds": (None,) * count}
    null = Rationals(nowhere, nowhere)
    columns = {field: getattr(scores, field) for field in FIELDS}
    missing = scores.points.null
    points = columns["points"].where(missing, 0)
    if maximum is None:
        absent |= dict.fromkeys(("applicable", "score", "published", "completeness", "coverage"), null)
    else:
        applicable = columns["applicable"] or null.where(missing | True, maximum)
        anything = applicable > 0
        whole = applicable if policy.renormalise == "none" else maximum
        share = points / applicable
        unmarked = missing if maximum else missing & False
        absent |= {
            "applicable": applicable,
            "score": share * whole,
            "published": null,
            "completeness": null.where(anything, 1).where(unmarked, 0),
            "coverage": (applicable / maximum if maximum else null).where(unmarked, 0),
        }
    given = {field: column for field, column in columns.items() if column is not None}
    return NodeScores(**(absent | given))


def concise(scores: NodeScores, maximum: Fraction | None, policy: Policy) -> NodeScores:
    """The scores without the columns that :func:`filled` makes of the others."""
    sums, applicable = NodeScores(points=scores.points), scores.applicable
    if applicable is not None and len(unequal(applicable, filled(sums, maximum, policy).applicable)):
        sums = attrs.evolve(sums, applicable=applicable)
    # all others follow from points and applicable maximum, or say nothing
    follows = filled(sums, maximum, policy)
    told = {field: getattr(scores, field) for field in BESIDE_POINTS[1:]}
    return attrs.evolve(
        sums,
        **{
            field: column
            for field, column in told.items()
            if column is not None and len(unequal(column, getattr(follows, field)))
        },
    )


def unequal(column: Any, other: Any) -> Sequence[int]:
    """The rows in which two columns of a kind are not the same."""
    if isinstance(column, tuple):
        pairs = enumerate(zip(column, other, strict=True))
        return [] if column == other else [row for row, (one, another) in pairs if one != another]
    if isinstance(column, Rationals):
        return np.flatnonzero(~(column.equals(other) | (column.null & other.null))).tolist()
    return np.flatnonzero(column != other).tolist()


def views(scores: NodeScores, ranked_with: Sequence[int]) -> list[Score]:
    """What each unit got, of scores with every column; ``ranked_with`` are the numbers ranked in the unit's block."""
    exact = zip(
        *(
            getattr(scores, field).fractions()
            for field in ("points", "applicable", "score", "completeness", "coverage")
        ),
        strict=True,
    )
    ranks = [] if scores.rank is None else scores.rank.tolist()
    return [
        Score(
            points or NOTHING,
            applicable,
            None if applicable is None else ratio(points or NOTHING, applicable),
            score,
            _decimal(scores.published, row),
            ranks[row] or None,
            ranked_with[row] if ranks[row] else None,
            scores.grade[row] if scores.grade else None,
            scores.by_thresholds[row] if scores.by_thresholds else None,
            completeness,
            coverage,
        )
        for row, (points, applicable, score, completeness, coverage) in enumerate(exact)
    ]


def _decimal(printed: Rationals | None, row: int) -> Decimal | None:
    """The decimal with its decimals, whatever the caller's decimal context."""
    unit = 0 if printed is None else int(printed.denominator[row])
    return Decimal(f"{printed.numerator[row]}E-{len(str(unit)) - 1}") if printed and unit else None
