"""Who is scored on what, and why not: worked out once per distinct combination of attributes and decisions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import Compiled, compile_rubric
from dti_core.columns.factor import Factor, combine
from dti_core.errors import InvalidDocument, Path, Problem
from dti_core.rubric import Rubric
from dti_core.rubric.conditions import UNIT, Condition, When
from dti_core.rubric.exclusions import Exclusion, ExclusionRule, affected, treatment_key
from dti_core.rubric.tree import Tree

Origin = Literal["rule", "round", "unit"]
NO_BLOCK = -1


@attrs.frozen
class Source:
    """A rule or decision, where it stands, and the scored leaves it reaches."""

    origin: Origin
    exclusion: ExclusionRule | Exclusion
    path: Path
    leaves: tuple[str, ...]

    @property
    def is_decision(self) -> bool:
        """Decisions override rules."""
        return self.origin != "rule"

    def __str__(self) -> str:
        if isinstance(self.exclusion, ExclusionRule):
            return f"rule {self.exclusion.code!r}"
        return f"the decision at {Problem(self.path, '').where}"


@attrs.frozen
class Finding:
    """One leaf that does not count in the ordinary way, and the sources that say so."""

    leaf: str
    treatment: str
    sources: tuple[Source, ...]
    #: the rules that these decisions override
    overruled: tuple[Source, ...] = ()


@attrs.frozen(eq=False, repr=False)
class Pattern:
    """What counts for the units that share one combination of rules and decisions."""

    findings: tuple[Finding, ...]
    #: node → the stand-by leaf that counts in its place
    replaced: Mapping[str, str]
    #: (leaves,) what has an applicable maximum: scored leaves but those skipped, and stand-by leaves in use
    counts: NDArray[np.bool_]
    #: (leaves,) what counts as fully earned
    full: NDArray[np.bool_]
    #: (leaves, nodes) which marks add to which node
    adds: NDArray[np.bool_]
    #: (nodes,) ticks earned by full marks, and the applicable maximum, in ticks
    granted: NDArray[np.int64]
    applicable: NDArray[np.int64]


@attrs.frozen(eq=False)
class Family:
    """Patterns that differ only in which leaves they use, so that one leaves × nodes matrix serves all of them."""

    adds: NDArray[np.bool_]
    #: (patterns of the sheet, leaves) whether a pattern of this family uses a leaf
    used: NDArray[np.bool_]


@attrs.frozen(eq=False, slots=False, repr=False)
class Applicability:
    """The distinct patterns of a mark sheet, and the pattern and block of every unit."""

    patterns: tuple[Pattern, ...]
    pattern_of: NDArray[np.int32]
    #: index into the rubric's blocks, −1 for a unit in none; None where the rubric declares no blocks
    block_of: NDArray[np.int32] | None

    def take(self, rows: Sequence[int]) -> "Applicability":
        """The same for some units."""
        blocks = None if self.block_of is None else self.block_of[rows]
        return Applicability(self.patterns, self.pattern_of[rows], blocks)

    @cached_property
    def applicable(self) -> NDArray[np.int64]:
        """(nodes, patterns) applicable maxima, in ticks."""
        return np.array([pattern.applicable for pattern in self.patterns], dtype=np.int64).T

    @cached_property
    def granted(self) -> NDArray[np.int64]:
        """(nodes, patterns) what full marks earn, in ticks."""
        return np.array([pattern.granted for pattern in self.patterns], dtype=np.int64).T

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """One family does, unless a stand-by leaf replaces different nodes in different patterns."""
        adds = [pattern.adds for pattern in self.patterns]
        used = np.array([each.any(axis=1) for each in adds], dtype=bool)
        families: list[tuple[NDArray[np.bool_], list[int]]] = []
        for number, each in enumerate(adds):
            for at, (shared, members) in enumerate(families):
                merged = shared | each
                if all((merged * used[old][:, None] == adds[old]).all() for old in (*members, number)):
                    families[at] = (merged, [*members, number])
                    break
            else:
                families.append((each, [number]))
        inside = np.zeros((len(families), len(adds), 1), dtype=bool)
        for at, (_, members) in enumerate(families):
            inside[at, members] = True
        return tuple(Family(shared, used & inside[at]) for at, (shared, _) in enumerate(families))


def work_out(
    rubric: Rubric,
    units: Sequence[str],
    attributes: Mapping[str, Factor],
    exclusions: Sequence[Exclusion],
    unit_exclusions: Mapping[int, Sequence[Exclusion]],
) -> Applicability:
    """Find what counts for every unit; ``unit_exclusions`` are by row.

    Raises :class:`~dti_core.InvalidDocument` where sources of the same rank disagree or a unit is in two blocks.
    """
    who = _Units(units, attributes)
    rules = [
        Source("rule", rule, ("exclusions", at), affected(rule, rubric.tree))
        for at, rule in enumerate(rubric.exclusions)
    ]
    everyone, some = _decisions(rubric.tree, units, exclusions, unit_exclusions)
    problems: list[Problem] = []
    pattern_of, patterns = _patterns(rubric, who, rules, everyone, some, problems)
    block_of = _blocks(rubric, who, problems) if rubric.blocks else None
    if problems:
        raise InvalidDocument("marks", problems)
    return Applicability(patterns, pattern_of, block_of)


@attrs.frozen
class _Units:
    codes: Sequence[str]
    attributes: Mapping[str, Factor]

    def meets(self, when: When, row: int) -> bool:
        return all(self._value_holds(name, condition, row) for name, condition in when)

    def _value_holds(self, name: str, condition: Condition, row: int) -> bool:
        value = self.codes[row] if name == UNIT else self.attributes[name].of(row)
        return value is not None and condition.holds(value)

    def keys(self, whens: Iterable[When]) -> Iterator[tuple[NDArray[np.int32], int]]:
        """For each attribute that the conditions use: a key per unit, equal where no condition tells units apart."""
        conditions: dict[str, list[Condition]] = {}
        for name, condition in (pair for when in whens for pair in when):
            conditions.setdefault(name, []).append(condition)
        for name, asked in conditions.items():
            if name == UNIT:
                codes, values = np.arange(len(self.codes), dtype=np.int32), tuple(self.codes)
            else:
                codes, values = self.attributes[name].codes, self.attributes[name].values  # type: ignore[assignment]
            told: dict[tuple[bool, ...], int] = {}
            truths = [tuple(each.holds(value) for each in asked) for value in values]
            classes = np.array(
                [told.setdefault(truth, len(told)) for truth in truths] + [len(told)], dtype=np.int32
            )
            yield classes[codes], len(told) + 1


def _decisions(
    tree: Tree,
    units: Sequence[str],
    exclusions: Sequence[Exclusion],
    unit_exclusions: Mapping[int, Sequence[Exclusion]],
) -> tuple[list[Source], dict[int, list[Source]]]:
    """Decisions on everyone, and those on some units by row."""
    everyone: list[Source] = []
    some: dict[int, list[Source]] = {}
    row_of = (
        {unit: row for row, unit in enumerate(units)}
        if any(each.units is not None for each in exclusions)
        else {}
    )
    for at, exclusion in enumerate(exclusions):
        source = Source("round", exclusion, ("exclusions", at), affected(exclusion, tree))
        if exclusion.units is None:
            everyone.append(source)
        else:
            for unit in dict.fromkeys(exclusion.units):
                some.setdefault(row_of[unit], []).append(source)
    for row, own in unit_exclusions.items():
        for at, exclusion in enumerate(own):
            source = Source("unit", exclusion, ("units", row, "exclusions", at), affected(exclusion, tree))
            some.setdefault(row, []).append(source)
    return everyone, some


def _patterns(
    rubric: Rubric,
    who: _Units,
    rules: Sequence[Source],
    everyone: Sequence[Source],
    some: Mapping[int, Sequence[Source]],
    problems: list[Problem],
) -> tuple[NDArray[np.int32], tuple[Pattern, ...]]:
    count = len(who.codes)
    keys = list(who.keys(rule.exclusion.when for rule in rules if isinstance(rule.exclusion, ExclusionRule)))
    if some:
        told: dict[tuple[int, ...], int] = {(): 0}
        special = np.zeros(count, dtype=np.int32)
        for row, sources in some.items():
            special[row] = told.setdefault(tuple(map(id, sources)), len(told))
        keys.append((special, len(told)))
    pattern_of, first = combine(keys, count)
    patterns = []
    for row in first.tolist():
        met = [
            rule
            for rule in rules
            if isinstance(rule.exclusion, ExclusionRule) and who.meets(rule.exclusion.when, row)
        ]
        active = [*met, *everyone, *some.get(row, ())]
        findings, found = _findings(rubric.tree, active)
        replaced, clashes = _replaced(rubric.tree, findings)
        problems.extend(
            attrs.evolve(problem, message=f"unit {who.codes[row]!r}, {problem.message}").under("units", row)
            for problem in (*found, *clashes)
        )
        if not problems:
            patterns.append(_pattern(compile_rubric(rubric), findings, replaced))
    if count == 0:
        patterns = [_pattern(compile_rubric(rubric), (), {})]
    return pattern_of, tuple(patterns)


def _findings(tree: Tree, active: Sequence[Source]) -> tuple[list[Finding], list[Problem]]:
    """What the sources in force make of each leaf: decisions before rules, and those of one rank must agree."""
    by_leaf: dict[str, list[Source]] = {}
    for source in active:
        for leaf in source.leaves:
            by_leaf.setdefault(leaf, []).append(source)
    findings, problems = [], []
    for leaf in (leaf for leaf in tree.leaves if leaf in by_leaf):
        decisions = [source for source in by_leaf[leaf] if source.is_decision]
        sources = decisions or by_leaf[leaf]
        overruled = tuple(source for source in by_leaf[leaf] if source not in sources)
        told = {treatment_key(source.exclusion): source for source in sources}
        if len(told) > 1:
            said = ", ".join(f"{source} says {' '.join(key)}" for key, source in told.items())
            problems.append(Problem((), f"leaf {leaf!r}: {said}; keep one of them", "contradiction"))
        elif sources[0].exclusion.treatment != "count" or overruled:
            findings.append(Finding(leaf, sources[0].exclusion.treatment, tuple(sources), overruled))
    return findings, problems


def _replaced(tree: Tree, findings: Sequence[Finding]) -> tuple[dict[str, str], list[Problem]]:
    """The nodes replaced by stand-by leaves, each wholly and each by its own."""
    leaves: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        exclusion = finding.sources[0].exclusion
        if exclusion.treatment == "substitute" and exclusion.by is not None:
            leaves.setdefault((exclusion.members[0], exclusion.by), []).append(finding)
    replaced: dict[str, str] = {}
    problems = []
    for (node, by), part in leaves.items():
        if len(part) != len(tree.scored_under(node)):
            message = f"{part[0].sources[0]} puts {by!r} in the place of all of {node!r}, but a decision overrides it"
            problems.append(Problem((), f"{message} on a part; decide on all of {node!r}", "contradiction"))
        elif by in replaced.values():
            message = f"{part[0].sources[0]} puts {by!r} in the place of {node!r}, but it already stands in for another"
            problems.append(Problem((), f"{message}; a stand-by leaf replaces one node", "contradiction"))
        replaced[node] = by
    return replaced, problems


def _pattern(compiled: Compiled, findings: Sequence[Finding], replaced: Mapping[str, str]) -> Pattern:
    tree, column = compiled.tree, compiled.column
    counts, full = compiled.scored.copy(), np.zeros(len(column), dtype=bool)
    for finding in findings:
        if finding.treatment == "full_marks":
            full[column[finding.leaf]] = True
        elif finding.treatment != "count":
            counts[column[finding.leaf]] = False
    member = compiled.inside & counts[:, None]
    for node, by in replaced.items():
        counts[column[by]] = True
        member[column[by], [compiled.row[holder] for holder in tree.holders(node)]] = True
    granted = (compiled.maxima * full) @ member
    adds = member & ~full[:, None]
    applicable = compiled.maxima @ member
    return Pattern(tuple(findings), dict(replaced), counts, full, adds, granted, applicable)


def _blocks(rubric: Rubric, who: _Units, problems: list[Problem]) -> NDArray[np.int32]:
    key, first = combine(list(who.keys(block.when for block in rubric.blocks)), len(who.codes))
    block_of_key = np.full(len(first), NO_BLOCK, dtype=np.int32)
    for at, row in enumerate(first.tolist()):
        met = [place for place, block in enumerate(rubric.blocks) if who.meets(block.when, row)]
        if len(met) > 1:
            names = " and ".join(repr(rubric.blocks[place].code) for place in met)
            message = (
                f"unit {who.codes[row]!r} is in the blocks {names}; make their conditions exclude one another"
            )
            problems.append(Problem(("units", row), message, "blocks"))
        elif met:
            block_of_key[at] = met[0]
    return block_of_key[key] if len(first) else np.zeros(0, dtype=np.int32)
