"""What the caller holds: the scores and ranks of a round."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.answer import all_kept, arrow_stream
from dti_core.columns.codes import instance, option
from dti_core.errors import LANGUAGES, SHOWN, Language, Problem, UnknownCode, raise_all
from dti_core.marks import MarkSheet
from dti_core.marks.gaps import Gaps
from dti_core.rubric import Rubric
from dti_core.rubric.checks import policy_problems
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores, report
from dti_core.scores.asked import asked_codes
from dti_core.scores.setting import By, Setting
from dti_core.terms import nfc
from dti_core.words import RESULTS
from dti_core.words.display import Displayed
from dti_core.words.results import refused

if TYPE_CHECKING:  # imported where it is used: few evaluations are explained
    from matplotlib.axes import Axes

    from dti_core.explain import Common, Explanation
    from dti_core.scores.ranking import Ranking


def evaluate(rubric: Rubric, marks: MarkSheet, policy: Policy | None = None) -> "Result":
    """Score every unit of a mark sheet; ``policy`` stands in for the rubric's own.

    Raises :class:`~dti_core.InvalidDocument` where the policy refuses missing marks and some are missing.

    >>> from dti_core import Index, MarkSheet, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> marks = MarkSheet.from_array([[15.5, 20], [30, 18]], rubric, units=["a", "b"])
    >>> result = evaluate(rubric, marks)
    >>> result.total.published.tolist(), result.total.ranks().tolist()
    ([35.5, 48.0], [2, 1])
    """
    instance("rubric", rubric, Rubric)
    instance("marks", marks, MarkSheet)
    if policy is not None:
        instance("policy", policy, Policy)
    used = policy or rubric.policy
    if marks.rubric is not rubric and marks.rubric != rubric:
        raise refused("other_rubric", other=repr(marks.rubric.code), rubric=repr(rubric.code))
    raise_all("policy", policy_problems(used, rubric) if used is not rubric.policy else ())
    if used.missing == "refuse":
        _refuse_missing(marks)
    return Result(Setting(rubric, marks, used))


def _refuse_missing(marks: MarkSheet) -> None:
    gaps = Gaps(marks.applicability.compiled, marks.ticks, marks.applicability)
    lacking, count_of = gaps.lacking()
    rows, leaves, units = lacking.tolist(), marks.rubric.tree.leaves, marks.units
    cells = np.argwhere(gaps.missing(lacking[:SHOWN]))[: SHOWN - 1].tolist()
    problems = [
        Problem(("units", row, "marks", leaves[leaf]), RESULTS("unmarked", unit=units[row]), "missing")
        for row, leaf in ((rows[at], leaf) for at, leaf in cells)
    ]
    more = int(count_of.sum()) - len(problems)
    if more:
        problems.append(Problem((), RESULTS("unmarked.more", count=more), "missing"))
    raise_all("marks", problems)


FEW, KEPT = 2, 2**20
"""The scores of so many nodes, or of so many units × nodes, are kept: those that were asked for last."""


@attrs.frozen(slots=False, repr=False, eq=False)
class Result(Displayed):
    """Scores of every node for every unit, under one policy: ``result.total``, ``result["government"]``.

    Iterating gives the codes of all nodes. Results are compared by identity; those to compare by value are published:
    ``load_result(to_document(result))``.

    >>> from dti_core import Index, MarkSheet, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[15.5, 20], [30, 18]], rubric, units=["a", "b"]))
    >>> result.total.published.tolist(), result["2"].ranks().tolist()
    ([35.5, 48.0], [1, 2])
    """

    #: the rubric, marks and policy
    setting: Setting
    _scores: dict[str, Scores] = attrs.field(init=False, factory=dict)

    def __repr__(self) -> str:
        return f"<Result of {self.rubric.code}: {len(self.units)} units, {len(self.rubric.tree.under)} nodes>"

    def plot(self, ax: "Axes | None" = None, **options: Any) -> "Axes":
        """The heat map of the scores, with the options of :func:`dti_core.plots.heatmap`; needs matplotlib."""
        from dti_core.plots.shortcut import plot

        return plot(self, ax, options)

    @property
    def rubric(self) -> Rubric:
        """The rubric scored by."""
        return self.setting.rubric

    @property
    def marks(self) -> MarkSheet:
        """The marks scored."""
        return self.setting.marks

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.setting.policy

    @property
    def units(self) -> tuple[str, ...]:
        """Unit codes, in the order of the mark sheet and of every array."""
        return self.marks.units

    @property
    def total(self) -> Scores:
        """The scores of the total."""
        return self[TOTAL]

    def __iter__(self) -> Iterator[str]:
        tree = self.rubric.tree
        return iter((TOTAL, *tree.pillars, *tree.groups, *tree.parent))

    def __contains__(self, node: object) -> bool:
        return isinstance(node, str) and nfc(node) in self.rubric.tree.under

    def __getitem__(self, node: str) -> Scores:
        """The scores of a node: total, pillar, group, index, component or leaf."""
        if node not in self:
            raise UnknownCode("node", node, [*self])
        scores = self._scores.pop(nfc(node), None) or Scores(self.setting, nfc(node))
        self._scores[scores.node] = scores  # those asked for last stand last
        if len(self._scores) > FEW and len(self._scores) * len(self.units) > KEPT:
            self._scores.pop(next(iter([*self._scores])), None)
        return scores

    def columns(
        self,
        nodes: Sequence[str] | None = None,
        language: Language = "vi",
        shape: Literal["wide", "long"] = "wide",
    ) -> dict[str, NDArray[Any]]:
        """A plain dict of one-dimensional read-only arrays that pandas, polars, pyarrow and narwhals take as it is.

        ``wide``, a row per unit: ``unit``, ``name``, where the rubric has blocks ``block``, then for each node CODE (as
        published), CODE.points, CODE.applicable, CODE.rank (0 where unranked), CODE.of (units ranked with it) and,
        where the rubric has bands, CODE.grade. ``long``, a row per unit and node: ``unit``, ``name``, ``block``,
        ``node``, ``title``, ``published``, ``score``, ``points``, ``applicable``, ``rate``, ``rank``, ``of``,
        ``grade``, ``completeness``, ``coverage``. ``nodes`` are by default the total, pillars, groups and indices.
        Null is NaN among numbers, None among texts. For a table in the order of ranks see :meth:`ranking`.

        >>> from dti_core import Index, MarkSheet, Rubric, evaluate
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> result = evaluate(rubric, MarkSheet.from_array([[15.5, 20]], rubric, units=["a"]))
        >>> table = result.columns(shape="long")
        >>> [table[name].tolist() for name in ("node", "published")]
        [['total', '1', '2'], [35.5, 15.5, 20.0]]
        """
        option("shape", shape, "wide", "long")
        option("language", language, *LANGUAGES)
        chosen = self.rubric.tree.views if nodes is None else dict.fromkeys(asked_codes("nodes", nodes))
        make = report.wide if shape == "wide" else report.long
        return all_kept(make(self.setting, [nfc(node) for node in chosen], self.__getitem__, language))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The wide columns as an Arrow stream, so that polars, pyarrow and DuckDB take the result itself.

        Null is null, an absent rank too. Needs pyarrow, and raises :class:`ModuleNotFoundError` without it.
        """
        return arrow_stream(self.columns(), requested_schema)

    def ranking(self, by: By = None, language: Language = "vi", nodes: Sequence[str] = ()) -> "Ranking":
        """The table to publish: block by block, best first, the unranked last with the reason.

        ``by`` names attributes to rank within instead of the blocks, ``()`` everyone together; ``nodes`` are printed
        beside the total, each with its own ranks. ``print`` shows it, ``.rows`` are plain dicts.

        >>> from dti_core import Index, MarkSheet, Rubric, evaluate
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
        >>> ranking = evaluate(rubric, MarkSheet.from_array([[15.5], [20]], rubric, units=["a", "b"])).ranking()
        >>> [(row["rank"], row["unit"], row["printed"]) for row in ranking.rows]
        [(1, 'b', '20,00'), (2, 'a', '15,50')]
        """
        from dti_core.scores.ranking import ranking_of

        option("language", language, *LANGUAGES)
        beside = [self[node] for node in dict.fromkeys(asked_codes("nodes", nodes))]
        return ranking_of(self.total, beside, by, language)

    def explain(self, unit: str, node: str = TOTAL, language: Language = "vi") -> "Explanation":
        """How a unit came by its published value of a node, from the marks to the rank; ``str()`` tells the story.

        Only the unit's own row is read; the ranks are worked out once for everyone.

        >>> from dti_core import Index, MarkSheet, Rubric, evaluate
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> result = evaluate(rubric, MarkSheet.from_array([[15.5, 20]], rubric, units=["a"]))
        >>> str(result.explain("a")).splitlines()[0]
        'a – Tổng điểm: 35,50 trên 50 điểm, xếp hạng 1/1'
        """
        from dti_core.explain import explain

        return explain(self._explaining, self[node], unit, language)

    @cached_property
    def _explaining(self) -> "Common":
        """What explanations have in common."""
        from dti_core.explain import Common

        return Common(self.setting)

    def exclusions(self, unit: str | None = None, language: Language = "vi") -> dict[str, NDArray[Any]]:
        """What did not count in the ordinary way, as columns: a row per unit, leaf and source.

        ``unit``, ``leaf``, ``treatment``, ``by`` (the stand-by leaf), ``source`` (rule, round or unit), ``rule`` (its
        code), ``reason``, ``basis``, ``overrules`` (the codes of the rules that a decision overrides), ``because`` (the
        attribute values that made a rule apply), ``to`` (the highest mark still possible, NaN where none is said),
        ``ignored`` (the mark that did not count, or that counts as ``to``; NaN where there was none).
        A mark on a stand-by leaf that replaces nothing is there too, with the treatment standby and the source rubric.
        """
        option("language", language, *LANGUAGES)
        return all_kept(report.exclusions(self.setting, self._rows(unit), language))

    def grade_limits(self, unit: str | None = None, language: Language = "vi") -> dict[str, NDArray[Any]]:
        """What limits grades, as columns: a row per unit and rule or decision that reaches it.

        ``unit``, ``at_most`` (the highest band that is left, None where none is named), ``lower_by`` (by how many
        bands, 0 where by none), ``source`` (rule, round or unit), ``rule`` (its code), ``reason``, ``basis``,
        ``because`` (the attribute values that made a rule apply).
        """
        option("language", language, *LANGUAGES)
        return all_kept(report.grade_limits(self.setting, self._rows(unit), language))

    def exclusion_totals(self, language: Language = "vi") -> dict[str, NDArray[Any]]:
        """What each rule and decision did in all, as columns: a row for each, those that met no unit included.

        ``treatment``, ``by``, ``source``, ``rule``, ``reason``, ``basis``, ``units`` and ``leaves`` (how many it
        decided for), ``points`` (what it took out of the maxima of all units together: of skipped leaves all, of
        reduced ones a part, of others nothing). Where several sources agree on a leaf, each counts it.
        """
        option("language", language, *LANGUAGES)
        return all_kept(report.exclusion_totals(self.setting, language))

    def adjustments(self, unit: str | None = None) -> dict[str, NDArray[Any]]:
        """What caps, gates and bonus and penalty of their own changed nodes by, as columns: a row per unit and change.

        ``unit``, ``node``, ``what`` (cap, own or gate) and ``points``, by which the node has more, or below 0 less;
        what adjusts a node changes it in this order.

        >>> from dti_core import Component, Index, MarkSheet, Rubric, evaluate
        >>> parts = [Component("1.1", "Họp", 8), Component("1.2", "Bản tin", 8)]
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 10, components=parts, cap=True)])
        >>> result = evaluate(rubric, MarkSheet.from_array([[7, 6], [1, 2]], rubric, units=["a", "b"]))
        >>> {name: values.tolist() for name, values in result.adjustments().items()}
        {'unit': ['a'], 'node': ['1'], 'what': ['cap'], 'points': [-3.0]}
        """
        return all_kept(report.adjustments(self.setting, self._rows(unit)))

    def _rows(self, unit: str | None) -> NDArray[np.intp]:
        """The row of a unit, or all of them."""
        return np.arange(len(self.units)) if unit is None else np.array([self.marks.row(unit)])
