"""Who is scored on what, and why not: worked out once per distinct combination of attributes and decisions."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.asides import Aside, Outcome, asides
from dti_core.applicability.compiled import Compiled, compile_rubric
from dti_core.applicability.membership import distinct, met_by
from dti_core.applicability.patterns import Family, Pattern, families, pattern
from dti_core.applicability.sources import Finding, Origin, Source, findings, replaced_nodes, voices
from dti_core.columns.factor import Factor, combine
from dti_core.errors import MAX_PROBLEMS, Path, Problem, raise_all
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion
from dti_core.terms.lookups import grouped
from dti_core.words import EXCLUSIONS

__all__ = [
    "NO_BLOCK",
    "Applicability",
    "Aside",
    "Family",
    "Finding",
    "Origin",
    "Outcome",
    "Pattern",
    "Source",
    "work_out",
]

NO_BLOCK = -1
Decided = Sequence[tuple[Exclusion, Path | None]]
"""Decisions, and where each stands; None where no document says so but what was measured."""


@attrs.frozen(eq=False, slots=False, repr=False)
class Applicability:
    """The distinct patterns and cases of a mark sheet, and the pattern, case and block of every unit.

    Units of one case meet the same rules and decisions; of one pattern the same was decided, by whomever.
    """

    compiled: Compiled
    patterns: tuple[Pattern, ...]
    pattern_of: NDArray[np.int32]
    #: who decided what, leaf by leaf
    cases: tuple[tuple[Finding, ...], ...]
    case_of: NDArray[np.int32]
    #: the pattern of each case
    pattern_of_case: NDArray[np.int32]
    #: index into the rubric's blocks, −1 for a unit in none; None where the rubric declares no blocks
    block_of: NDArray[np.int32] | None

    @cached_property
    def applicable(self) -> NDArray[np.int64]:
        """(nodes, patterns) the applicable maxima of the leaves that count, in ticks."""
        return np.array([each.worth @ each.inside for each in self.patterns], dtype=np.int64).T

    @cached_property
    def granted(self) -> NDArray[np.int64]:
        """(nodes, patterns) what is earned without a mark, in ticks."""
        return np.array([each.granted @ each.inside for each in self.patterns], dtype=np.int64).T

    @cached_property
    def full(self) -> NDArray[np.int64]:
        """(nodes, patterns) what all leaves are worth, those that do not count too, in ticks."""
        return np.array([each.full for each in self.patterns], dtype=np.int64).T

    @cached_property
    def counts(self) -> NDArray[np.bool_]:
        """(patterns, leaves) scored leaves that have an applicable maximum."""
        return np.array([each.counts for each in self.patterns], dtype=bool)

    @cached_property
    def settled(self) -> NDArray[np.bool_]:
        """(patterns, leaves) leaves that count so much whatever their mark."""
        return np.array([each.settled for each in self.patterns], dtype=bool)

    @cached_property
    def grants(self) -> NDArray[np.int64]:
        """(patterns, leaves) what leaves that are settled earn, in ticks."""
        return np.array([each.granted for each in self.patterns], dtype=np.int64)

    @cached_property
    def highest(self) -> NDArray[np.int64]:
        """(patterns, leaves) the highest mark still possible, in ticks of marks."""
        return np.array([each.highest for each in self.patterns], dtype=np.int64)

    @cached_property
    def worth(self) -> NDArray[np.int64]:
        """(patterns, leaves) the applicable maximum of each leaf, in ticks."""
        return np.array([each.worth for each in self.patterns], dtype=np.int64)

    @cached_property
    def uneven(self) -> frozenset[str]:
        """The leaves that apply in part to some units, or for which a leaf of another size stands in."""
        tree, maxima = self.compiled.tree, self.compiled.maxima
        apart = ((self.worth > 0) & (self.worth != maxima)).any(axis=0)
        pairs = {pair for each in self.patterns for pair in each.replaced.items()}
        replaced = (node for node, by in pairs if tree.maximum[node] != tree.maximum[by])
        return frozenset(replaced).union(leaf for leaf, at in self.compiled.column.items() if apart[at])

    @property
    def by_mark(self) -> NDArray[np.bool_]:
        """(patterns, leaves) the leaves whose mark counts: not those skipped, settled, replaced or standing by."""
        return (self.counts & ~self.settled) | self.compiled.beside

    @property
    def needed(self) -> NDArray[np.bool_]:
        """(patterns, leaves) the leaves that lack something without a mark."""
        return self.counts & ~self.settled & (self.compiled.maxima > 0)

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """The patterns, sorted by the matrix that serves them."""
        return families(self.patterns)

    @cached_property
    def asides(self) -> tuple[tuple[Aside, ...], ...]:
        """What did not count in the ordinary way, for each case."""
        pairs = zip(self.cases, self.pattern_of_case.tolist(), strict=True)
        return tuple(tuple(asides(self.compiled.tree, case, self.patterns[at])) for case, at in pairs)


def work_out(
    rubric: Rubric,
    units: Sequence[str],
    row_of: Callable[[str], int],
    attributes: Mapping[str, Factor],
    exclusions: Decided,
    unit_exclusions: Mapping[str, Sequence[Exclusion]],
) -> Applicability:
    """Find what counts for every unit; ``row_of`` gives the place of one, asked only of those with decisions.

    Raises :class:`~dti_core.InvalidDocument` where sources of the same rank disagree or a unit is in two blocks.
    """
    problems: list[Problem] = []
    sources = _sources(rubric, row_of, exclusions, unit_exclusions)
    cases, case_of = _cases(rubric, units, attributes, sources, problems)
    block_of = _blocks(rubric, units, attributes, problems) if rubric.blocks else None
    raise_all("marks", problems, MAX_PROBLEMS)
    compiled = compile_rubric(rubric)
    number_of: dict[object, int] = {}
    patterns: list[Pattern] = []
    pattern_of_case: list[int] = []
    for case in cases:
        decided = tuple((finding.leaf, finding.key) for finding in case if finding.treatment != "count")
        pattern_of_case.append(number_of.setdefault(decided, len(number_of)))
        if len(number_of) > len(patterns):
            patterns.append(pattern(compiled, case, replaced_nodes(rubric.tree, case)[0]))
    by_case = np.array(pattern_of_case, dtype=np.int32)
    return Applicability(compiled, tuple(patterns), by_case[case_of], cases, case_of, by_case, block_of)


@attrs.frozen(eq=False)
class _Sources:
    rules: Sequence[Source]
    everyone: Sequence[Source]
    #: by row
    own: Mapping[int, Sequence[Source]]


def _sources(
    rubric: Rubric,
    row_of: Callable[[str], int],
    exclusions: Decided,
    unit_exclusions: Mapping[str, Sequence[Exclusion]],
) -> _Sources:
    tree = rubric.tree
    of_round = [(each.units, Source.of("round", each, path, tree)) for each, path in exclusions]
    everyone = [source for units, source in of_round if units is None]
    own = [(row_of(unit), source) for units, source in of_round for unit in dict.fromkeys(units or ())]
    for unit, decisions in unit_exclusions.items():
        row = row_of(unit)
        paths = (("units", row, "exclusions", at) for at in range(len(decisions)))
        own += ((row, Source.of("unit", *each, tree)) for each in zip(decisions, paths, strict=True))
    rules = [Source.of("rule", rule, ("exclusions", at), tree) for at, rule in enumerate(rubric.exclusions)]
    return _Sources(rules, everyone, grouped(own))


def _cases(
    rubric: Rubric,
    units: Sequence[str],
    attributes: Mapping[str, Factor],
    sources: _Sources,
    problems: list[Problem],
) -> tuple[tuple[tuple[Finding, ...], ...], NDArray[np.int32]]:
    """What is found for each case, and the case of every unit; told of every unit for which sources clash."""
    class_of, met = met_by([rule.when for rule in rubric.exclusions], units, attributes)
    own = {row: tuple(dict.fromkeys(decisions)) for row, decisions in sources.own.items()}
    decided_of, decided = distinct(len(units), own)
    case_of, first = combine([(class_of, len(met)), (decided_of, len(decided))], len(units))
    by_rules = [voices(sources.rules[at] for at in places) for places in met]
    by_decision, everyone = [voices(each) for each in decided], voices(sources.everyone)
    cases, clashing = [], []
    for case, row in enumerate(first.tolist()):
        heard = (by_rules[class_of[row]], everyone)
        made, clashes = findings(rubric.tree, *heard, by_decision[decided_of[row]])
        cases.append(made)
        if clashes or replaced_nodes(rubric.tree, made)[1]:
            clashing += [(int(each), heard) for each in np.flatnonzero(case_of == case)[:MAX_PROBLEMS]]
    for row, heard in sorted(clashing, key=lambda each: each[0])[:MAX_PROBLEMS]:
        made, clashes = findings(rubric.tree, *heard, voices(sources.own.get(row, ())))
        for problem in (*clashes, *replaced_nodes(rubric.tree, made)[1]):
            message = EXCLUSIONS("of_unit", unit=units[row], what=problem.said)
            problems.append(Problem(("units", row), message, problem.rule))
    return tuple(cases) or ((),), case_of


def _blocks(
    rubric: Rubric, units: Sequence[str], attributes: Mapping[str, Factor], problems: list[Problem]
) -> NDArray[np.int32]:
    class_of, met = met_by([block.when for block in rubric.blocks], units, attributes)
    for at, places in enumerate(met):
        if len(places) > 1:
            names = ", ".join(repr(rubric.blocks[place].code) for place in places)
            for row in np.flatnonzero(class_of == at)[:MAX_PROBLEMS].tolist():
                message = EXCLUSIONS("blocks", unit=units[row], blocks=names)
                problems.append(Problem(("units", row), message, "blocks"))
    return np.array([places[0] if places else NO_BLOCK for places in met], dtype=np.int32)[class_of]
