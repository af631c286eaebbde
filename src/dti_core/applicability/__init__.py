"""Who is scored on what, and why not: worked out once per distinct combination of attributes and decisions."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.asides import Aside, Outcome, asides
from dti_core.applicability.compiled import compile_rubric
from dti_core.applicability.membership import met_by, numbered
from dti_core.applicability.patterns import ROWS, Decided, Family, Pattern, Patterns
from dti_core.applicability.sources import Finding, Origin, Source, findings, misfits, voices
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
Decisions = Sequence[tuple[Exclusion, Path | None]]
"""Decisions, and where each stands; None where no document says so but what was measured."""


@attrs.frozen(eq=False, slots=False, repr=False)
class Applicability(Patterns):
    """The distinct patterns and cases of a mark sheet, and the pattern, case and block of every unit.

    Units of one case meet the same rules and decisions; of one pattern the same was decided, by whomever.
    """

    pattern_of: NDArray[np.int32]
    #: who decided what, leaf by leaf
    cases: tuple[tuple[Finding, ...], ...]
    case_of: NDArray[np.int32]
    #: the pattern of each case
    pattern_of_case: NDArray[np.int32]
    #: index into the rubric's blocks, −1 for a unit in none; None where the rubric declares no blocks
    block_of: NDArray[np.int32] | None

    @cached_property
    def asides(self) -> tuple[tuple[Aside, ...], ...]:
        """What did not count in the ordinary way, for each case."""
        pairs = zip(self.cases, self.form_of[self.pattern_of_case].tolist(), strict=True)
        return tuple(tuple(asides(self.compiled.tree, case, self.forms[at].replaced)) for case, at in pairs)

    def of_one(self, row: int, count: int) -> "Applicability":
        """The same for so many units alike, all as the one in a row."""
        at, alone = self.pattern_of[[row]], np.zeros(count, dtype=np.int32)
        arrays = {name: getattr(self, name)[at] for name in ROWS}
        return attrs.evolve(self, **arrays, pattern_of=alone, pattern_of_case=alone[:1])


def work_out(
    rubric: Rubric,
    units: Sequence[str],
    row_of: Callable[[str], int],
    attributes: Mapping[str, Factor],
    exclusions: Decisions,
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
    number_of: dict[Decided, int] = {}
    pattern_of_case = np.array(
        [
            number_of.setdefault(
                tuple((finding.leaf, finding.key) for finding in case if finding.treatment != "count"),
                len(number_of),
            )
            for case in cases
        ],
        dtype=np.int32,
    )
    return Applicability.of(
        compile_rubric(rubric),
        [*number_of],
        pattern_of=pattern_of_case[case_of],
        cases=cases,
        case_of=case_of,
        pattern_of_case=pattern_of_case,
        block_of=block_of,
    )


@attrs.frozen(eq=False)
class _Sources:
    rules: Sequence[Source]
    everyone: Sequence[Source]
    #: by row
    own: Mapping[int, Sequence[Source]]


def _sources(
    rubric: Rubric,
    row_of: Callable[[str], int],
    exclusions: Decisions,
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
    decided_of, decided = numbered(len(units), own)
    case_of, first = combine([(class_of, len(met)), (decided_of, len(decided))], len(units))
    by_rules = [voices(sources.rules[at] for at in places) for places in met]
    by_decision, everyone = [voices(each) for each in decided], voices(sources.everyone)
    cases, clashing = [], []
    for case, row in enumerate(first.tolist()):
        heard = (by_rules[class_of[row]], everyone)
        made, clashes = findings(rubric.tree, *heard, by_decision[decided_of[row]])
        cases.append(made)
        if clashes or any(misfits(rubric.tree, made)):
            clashing += [(int(each), heard) for each in np.flatnonzero(case_of == case)[:MAX_PROBLEMS]]
    for row, heard in sorted(clashing, key=lambda each: each[0])[:MAX_PROBLEMS]:
        made, clashes = findings(rubric.tree, *heard, voices(sources.own.get(row, ())))
        for problem in (*clashes, *misfits(rubric.tree, made)):
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
