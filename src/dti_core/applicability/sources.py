"""Rules and decisions, the leaves they reach, and which of them prevail: decisions before rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Literal, cast

import attrs

from dti_core.errors import Path, Problem, jsonpath
from dti_core.rubric.exclusions import Exclusion, ExclusionRule, Treatment, affected, treatment_key
from dti_core.rubric.tree import Tree
from dti_core.terms import Scalar
from dti_core.terms.lookups import grouped
from dti_core.words import EXCLUSIONS, Sentence

Origin = Literal["rule", "round", "unit"]
Key = tuple[str, ...]
"""What a source makes of a leaf: a treatment, with the node and its stand-by leaf, or the highest mark."""


@attrs.frozen(cache_hash=True)
class Source:
    """A rule or decision, and the scored leaves it reaches; equal where they say the same, wherever they stand."""

    #: a rule, a decision of the round or one on the unit
    origin: Origin
    #: what it says
    exclusion: ExclusionRule | Exclusion
    #: None: no document says so, what was measured does
    path: Path | None = attrs.field(eq=False)
    #: codes of the scored leaves it reaches
    leaves: tuple[str, ...] = attrs.field(eq=False)
    #: what it makes of a leaf; those that agree share it
    key: Key = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "key", treatment_key(self.exclusion))

    @classmethod
    def of(
        cls, origin: Origin, exclusion: ExclusionRule | Exclusion, path: Path | None, tree: Tree
    ) -> "Source":
        """The source that an exclusion is."""
        return cls(origin, exclusion, path, affected(exclusion, tree))

    @property
    def rule(self) -> str | None:
        """The code of a rule."""
        return self.exclusion.code if isinstance(self.exclusion, ExclusionRule) else None

    def because(self, attributes: Mapping[str, Scalar]) -> tuple[tuple[str, Scalar], ...]:
        """The values among a unit's attributes that a rule asks about, by name; none of a decision."""
        when = self.exclusion.when if isinstance(self.exclusion, ExclusionRule) else ()
        return tuple((name, attributes[name]) for name, _ in when)

    @property
    def called(self) -> Sentence:
        """What it is called in a sentence."""
        if self.rule is not None:
            return EXCLUSIONS("rule", rule=self.rule)
        if self.path is None:
            return EXCLUSIONS("measured", reason=self.exclusion.reason)
        return EXCLUSIONS("decision", place=jsonpath(self.path))


@attrs.frozen(eq=False)
class Voice:
    """What some sources say of one leaf."""

    sources: tuple[Source, ...]
    #: each thing said → the first source that says it
    keys: Mapping[Key, Source]


Voices = Mapping[str, Voice]


def voices(sources: Iterable[Source]) -> Voices:
    """What the sources say, leaf by leaf; what is said twice alike is heard once."""
    by_leaf = grouped((leaf, source) for source in dict.fromkeys(sources) for leaf in source.leaves)
    return {
        leaf: Voice(tuple(speaking), {source.key: source for source in reversed(speaking)})
        for leaf, speaking in by_leaf.items()
    }


@attrs.frozen(eq=False)
class Finding:
    """What becomes of one leaf that does not count in the ordinary way, and who says so."""

    leaf: str
    key: Key
    #: those that prevail; shared between cases, hence joined only when asked for
    heard: tuple[Voice, ...]
    #: the rules that decisions override
    overruled: tuple[Source, ...]

    @property
    def treatment(self) -> Treatment:
        """What is done instead of counting the mark."""
        return cast("Treatment", self.key[0])

    @property
    def sources(self) -> tuple[Source, ...]:
        """The rules or decisions that say so."""
        return tuple(dict.fromkeys(chain.from_iterable(voice.sources for voice in self.heard)))


def findings(
    tree: Tree, rules: Voices, everyone: Voices, own: Voices
) -> tuple[tuple[Finding, ...], list[Problem]]:
    """What rules and decisions, on everyone and on some units, make of each leaf, in document order.

    Decisions override rules; those of one rank that disagree are a problem naming them.
    """
    made, problems = [], []
    for leaf in (leaf for leaf in tree.leaves if leaf in rules or leaf in everyone or leaf in own):
        decisions = tuple(said[leaf] for said in (everyone, own) if leaf in said)
        heard = decisions or (rules[leaf],)
        overruled = rules[leaf].sources if decisions and leaf in rules else ()
        keys = {key: source for voice in reversed(heard) for key, source in voice.keys.items()}
        if len(keys) > 1:
            claims = [
                EXCLUSIONS("says", source=source.called, treatment=" ".join(key))
                for key, source in keys.items()
            ]
            sentence = EXCLUSIONS("contradiction", leaf=leaf, claims=claims)
            problems.append(Problem((), sentence, "contradiction"))
            continue
        key = next(iter(keys))
        if key[0] != "count" or overruled:
            made.append(Finding(leaf, key, heard, overruled))
    return tuple(made), problems


def misfits(tree: Tree, made: Sequence[Finding]) -> Iterator[Problem]:
    """Nodes that stand-by leaves do not replace wholly, or not each its own."""
    reached = grouped((finding.key, finding) for finding in made if finding.treatment == "substitute")
    in_use: set[str] = set()
    for (_, node, by), part in reached.items():
        values = {"source": part[0].sources[0].called, "node": node, "by": by}
        if len(part) != len(tree.scored_under(node)):
            yield Problem((), EXCLUSIONS("overridden", **values), "contradiction")
        elif by in in_use:
            yield Problem((), EXCLUSIONS("stands_in", **values), "contradiction")
        in_use.add(by)
