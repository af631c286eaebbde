"""What the steps of an explanation say of each node: what it gives, and what did not count in the ordinary way."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import attrs

from dti_core.explain import steps
from dti_core.rubric.tree import TOTAL
from dti_core.terms import Label, Language
from dti_core.words import EXPLANATIONS, Sentence, numbers
from dti_core.words.results import equation

LONGEST_TITLE = 160
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Bidirectional embeddings, overrides and isolates."""
NOT_COUNTED = {"skip": "not assessed", "substitute": "replaced", "standby": "standby"}
COUNTED = {"full_marks": "full", "count": "counted"}
"""What is told of a leaf by its treatment: instead of its points, or beside them."""
WHO = {"rule": "rule", "round": "round", "unit": "decision"}
_number = lru_cache(1 << 12)(numbers.number)
AnyStep = TypeVar("AnyStep", bound=steps.Step)


@attrs.frozen
class Line:
    """A line of text, and how far it is set in."""

    text: str
    depth: int = 1

    def __str__(self) -> str:
        return "  " * self.depth + self.text


def clean(text: str) -> str:
    """Somebody's text as part of a line: without line breaks and turns of direction."""
    return " ".join(TURNS.sub("", text).split())


def capital(text: str) -> str:
    """The text as the beginning of a line."""
    return text[:1].upper() + text[1:]


def named(code: str, title: str) -> str:
    """A node by code and title."""
    name = clean(title)
    name = name if len(name) <= LONGEST_TITLE else name[: LONGEST_TITLE - 1] + "…"
    if code == TOTAL or name.startswith(code):
        return name
    return f"{code} {name}" if code[0].isdigit() else f"{name} ({code})"


@attrs.frozen(slots=False, eq=False)
class Detail:
    """The steps of an explanation in one language."""

    derivation: Sequence[steps.Step]
    language: Language

    @cached_property
    def _by_node(self) -> Mapping[tuple[type, str], Any]:
        return {(type(step), step.node): step for step in self.derivation}

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        return {step.node: step.title for step in self.derivation}

    def find(self, kind: type[AnyStep], node: str) -> AnyStep | None:
        """The step of a kind about a node."""
        step: AnyStep | None = self._by_node.get((kind, node))
        return step

    @cached_property
    def leaves(self) -> Sequence[steps.Leaf]:
        """The leaves, in the order of the calculation."""
        return [step for step in self.derivation if isinstance(step, steps.Leaf)]

    def say(self, phrase: str, step: attrs.AttrsInstance | None = None, **values: Any) -> str:
        """A phrase with the fields of a step and other values; numbers are written out, text stays within its line."""
        fields = attrs.asdict(step, recurse=False) if step else {}
        cleaned = {name: self._clean(value) for name, value in (fields | values).items()}
        return Sentence(EXPLANATIONS[phrase], cleaned).text(self.language)

    def _clean(self, value: Any) -> Any:
        text = value.text(self.language) if isinstance(value, Label) else value
        return clean(text) if isinstance(text, str) else text

    def number(self, value: Fraction) -> str:
        """A number written out."""
        return _number(value, self.language)

    def chain(self, formula: str, value: Fraction) -> str:
        """A formula and what it comes to."""
        return f"{formula} {numbers.equals(value, self.language)}"

    def name(self, node: str) -> str:
        """A node by code and title; by code alone where it lies outside the node explained."""
        return named(node, self._titles[node]) if node in self._titles else node

    def below(self, node: str, depth: int = 1) -> Iterator[Line]:
        """Every child of a node, set in below it."""
        parent = self.find(steps.Sum, node) or self.find(steps.Extra, node)
        for child in parent.children if parent else ():
            yield Line(f"{self.name(child)}: {self.gives(child)}", depth)
            yield from self.below(child, depth + 1)

    def gives(self, node: str) -> str:
        """What a node gives."""
        leaf, sum_ = self.find(steps.Leaf, node), self.find(steps.Sum, node)
        if leaf:
            return self._leaf(leaf)
        return self._sum(sum_) if sum_ else self._extra(self._by_node[steps.Extra, node])

    def _sum(self, step: steps.Sum) -> str:
        if not step.applicable:
            return self.say("not applicable" if step.maximum else "unscored")
        mean = self.find(steps.Mean, step.node)
        share = f"; {self.say('share', share=self._share(mean))}" if mean else ""
        return self._of(step) + share

    def _of(self, step: steps.Leaf | steps.Sum | steps.Conversion) -> str:
        return f"{self.number(step.points)} / {self.number(step.applicable)}"

    def _share(self, mean: steps.Mean) -> str:
        """Worked out where it is not just points / applicable maximum."""
        is_flat = all(self.find(steps.Mean, term.node) is None for term in mean.terms)
        return self.number(mean.share) if is_flat else self.mean(mean)

    def mean(self, mean: steps.Mean) -> str:
        """The weighted mean of a node, worked out."""
        terms = [f"{self.number(term.weight)} × {self.number(term.share)}" for term in mean.terms]
        weights = sum((term.weight for term in mean.terms), Fraction(0))
        return self.chain(f"({' + '.join(terms)}) / {self.number(weights)}", mean.share)

    def _leaf(self, leaf: steps.Leaf) -> str:
        """What a leaf gives, and why where it is not just its mark."""
        if leaf.role in ("bonus", "penalty"):
            return self.say(leaf.role, points=leaf.points)
        if leaf.treatment in NOT_COUNTED:
            idle = self._ignored(leaf) if leaf.treatment == "standby" else ""
            return self.say(NOT_COUNTED[leaf.treatment], by=leaf.by) + idle
        if not leaf.maximum:
            return self.say("unscored")
        parts = [self._of(leaf)] if leaf.applicable else []
        parts += [clean(leaf.calculation)] if leaf.calculation and not leaf.treatment else []
        parts += [self.say("stands for", node=leaf.stands_for)] if leaf.stands_for else []
        parts += [self.say("not marked"), self.say(leaf.missing)] if leaf.missing else []
        parts += [self.say(COUNTED[leaf.treatment])] if leaf.treatment else []
        return ", ".join(parts)

    def _extra(self, extra: steps.Extra) -> str:
        """Bonus and penalty points, and what a cap took of them."""
        by_role = {"bonus": extra.bonus, "penalty": extra.penalty}
        parts = [
            self.say(role, points=points) for role, points in by_role.items() if points or extra.role == role
        ]
        counted = extra.bonus + extra.penalty
        cap = self.say("cap", added=counted + extra.taken, cap=counted) if extra.taken else ""
        return (", ".join(parts) or self.say("bonus", points=counted)) + cap

    def otherwise(self) -> Iterator[Line]:
        """What did not count in the ordinary way, by whom and why, leaves of one reason together."""
        together: dict[tuple[object, ...], list[steps.Leaf]] = {}
        for leaf in self.leaves:
            if self._is_otherwise(leaf):
                reason = (leaf.treatment, leaf.by, leaf.authorities, leaf.overrules)
                together.setdefault(reason, []).append(leaf)
        for leaves in together.values():
            first = leaves[0]
            heading = self.say(
                first.treatment or "stands for",
                by=self.name(first.by or ""),
                node=self.name(first.stands_for or ""),
            )
            yield Line(capital(heading))
            for leaf in leaves:
                worth = self.say("worth", points=leaf.maximum) + self._ignored(leaf)
                yield Line(f"{self.name(leaf.node)}: {worth}", 2)
            yield from (Line(self._authority(authority), 2) for authority in first.authorities)
            if first.overrules:
                yield Line(self.say("overrules", rules=", ".join(first.overrules)), 2)

    def _is_otherwise(self, leaf: steps.Leaf) -> bool:
        if leaf.treatment == "standby":
            return leaf.ignored is not None
        return bool(leaf.treatment or (leaf.authorities and len(self.leaves) == 1))

    def _ignored(self, leaf: steps.Leaf) -> str:
        return "" if leaf.ignored is None else self.say("ignored", mark=leaf.ignored)

    def _authority(self, authority: steps.Authority) -> str:
        who = self.say(WHO[authority.origin], authority)
        values = [equation(name, value, self.language) for name, value in authority.because]
        who += self.say("because", values=self.say("and").join(values)) if values else ""
        return self.say("authority", authority, who=who)
