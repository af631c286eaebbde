"""What the steps of an explanation say of each node: what it gives, and what did not count in the ordinary way."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from operator import attrgetter
from string import Formatter
from typing import Any, TypeVar

import attrs

from dti_core.errors import Language
from dti_core.explain import steps
from dti_core.explain.parts import Authority
from dti_core.rubric.tree import TOTAL
from dti_core.terms import Label
from dti_core.terms.lookups import grouped
from dti_core.words import EXPLANATIONS, numbers
from dti_core.words.results import equation

LONGEST_TITLE = 160
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Bidirectional embeddings, overrides and isolates."""
NOT_COUNTED = {"skip": "not assessed", "substitute": "replaced", "standby": "standby"}
COUNTED = {"full_marks": "full", "count": "counted", "reduce": "reduced", "zero": "zeroed"}
"""What is told of a leaf by its treatment: instead of its points, or beside them."""
REASON = attrgetter("treatment", "by", "to", "authorities", "overrules")
NUMBERS = (Fraction, Decimal)
WHO = {"rule": "rule", "round": "round", "unit": "decision"}
Summed = steps.Leaf | steps.Sum | steps.Cap | steps.Own | steps.Gate
"""What has points and an applicable maximum."""
AnyStep = TypeVar("AnyStep", bound=steps.Step)


@attrs.frozen
class Line:
    """A line of text, and how far it is set in."""

    #: what it says
    text: str
    #: how far it is set in
    depth: int = 1

    def __str__(self) -> str:
        return "  " * self.depth + self.text


@lru_cache(1 << 14)
def _number(numerator: int, denominator: int, language: Language) -> str:
    return numbers.number(Fraction(numerator, denominator), language)


@cache
def _phrase(phrase: str, language: Language) -> tuple[str, tuple[str, ...]]:
    """A phrase, and the names of what it tells."""
    template = EXPLANATIONS[phrase].text(language)
    return template, tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name))


@lru_cache(1 << 12)
def clean(text: str) -> str:
    """Somebody's text as part of a line: without line breaks and turns of direction."""
    return " ".join(TURNS.sub("", text).split())


def capital(text: str) -> str:
    """The text as the beginning of a line."""
    return text[:1].upper() + text[1:]


@lru_cache(1 << 12)
def node_name(code: str, title: str) -> str:
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
    def _titles(self) -> Mapping[str, Label]:
        return {step.node: step.title for step in self.derivation}

    def find(self, kind: type[AnyStep], node: str) -> AnyStep | None:
        """The step of a kind about a node."""
        step: AnyStep | None = self._by_node.get((kind, node))
        return step

    @cached_property
    def leaves(self) -> Sequence[steps.Leaf]:
        """The leaves, in the order of the calculation."""
        return [step for step in self.derivation if isinstance(step, steps.Leaf)]

    def say(self, phrase: str, step: object = None, **values: Any) -> str:
        """A phrase with the fields of a step and other values; numbers are written out, text stays within its line."""
        template, names = _phrase(phrase, self.language)
        shown = {name: self._shown(values[name] if name in values else getattr(step, name)) for name in names}
        return template.format(**shown)

    def _shown(self, value: Any) -> Any:
        if isinstance(value, NUMBERS):
            return self.number(Fraction(value))
        text = value.text(self.language) if isinstance(value, Label) else value
        return clean(text) if isinstance(text, str) else text

    def number(self, value: Fraction) -> str:
        """A number written out."""
        return _number(*value.as_integer_ratio(), self.language)

    def chain(self, formula: str, value: Fraction) -> str:
        """A formula and what it comes to."""
        return f"{formula} {numbers.equals(value, self.language)}"

    def name(self, node: str) -> str:
        """A node by code and title; by code alone where it lies outside the node explained."""
        return node_name(node, self._titles[node].text(self.language)) if node in self._titles else node

    def below(self, node: str, depth: int = 1) -> Iterator[Line]:
        """Every child of a node, set in below it."""
        parent = self.find(steps.Sum, node) or self.find(steps.Extra, node)
        for child in parent.children if parent else ():
            leaf = self.find(steps.Leaf, child)
            yield Line(f"{self.name(child)}: {self._leaf(leaf) if leaf else self.gives(child)}", depth)
            if leaf is None:
                yield from self.below(child, depth + 1)

    def gives(self, node: str) -> str:
        """What a node gives."""
        leaf, sum_ = self.find(steps.Leaf, node), self.find(steps.Sum, node)
        if leaf:
            return self._leaf(leaf)
        return self._sum(sum_) if sum_ else self._extra(self._by_node[steps.Extra, node])

    def outcome(self, node: str) -> Summed | None:
        """Points and applicable maximum of a node with scored leaves, after whatever adjusts it."""
        own, cap = self.find(steps.Own, node), self.find(steps.Cap, node)
        gate, added = self.find(steps.Gate, node), self.find(steps.Sum, node)
        return gate or own or cap or added or self.find(steps.Leaf, node)

    def _sum(self, step: steps.Sum) -> str:
        outcome, mean = self.outcome(step.node) or step, self.find(steps.Mean, step.node)
        if not outcome.applicable:
            return self.say("not applicable" if step.maximum else "unscored")
        share = f"; {self.say('share', share=self._share(mean))}" if mean else ""
        is_same = (outcome.points, outcome.applicable) == (step.points, step.applicable)
        return self._of(outcome) + ("" if is_same else self.say("after adjusting")) + share

    def _of(self, step: Summed | steps.Conversion) -> str:
        return f"{self.number(step.points)} / {self.number(step.applicable)}"

    def _share(self, mean: steps.Mean) -> str:
        """Worked out where it is not just points / applicable maximum."""
        outcome = self.outcome(mean.node)
        is_flat = all(self.find(steps.Mean, term.node) is None for term in mean.terms)
        is_rate = outcome is not None and mean.share * outcome.applicable == outcome.points
        return self.number(mean.share) if is_flat and is_rate else self.mean(mean)

    def mean(self, mean: steps.Mean) -> str:
        """The weighted mean of a node, worked out."""
        terms = [f"{self.number(term.weight)} × {self.number(term.share)}" for term in mean.terms]
        weights = sum((term.weight for term in mean.terms), Fraction(0))
        share = sum((term.weight * term.share for term in mean.terms), Fraction(0)) / weights
        chain = self.chain(f"({' + '.join(terms)}) / {self.number(weights)}", share)
        return chain if mean.is_open else self.say("shut level", chain=chain)

    def _leaf(self, leaf: steps.Leaf) -> str:
        """What a leaf gives, and why where it is not just its mark."""
        if leaf.role in ("bonus", "penalty"):
            parts = [self.mark(leaf)] if leaf.mark_max and leaf.mark is not None else []
            return ", ".join([*parts, self.say(leaf.role, points=leaf.points)]) + self._elsewhere(leaf)
        if leaf.treatment in NOT_COUNTED:
            idle = self._ignored(leaf) if leaf.treatment == "standby" else ""
            return self.say(NOT_COUNTED[leaf.treatment], by=leaf.by) + idle
        if not leaf.maximum:
            return self.say("unscored")
        is_scaled = leaf.mark_max and leaf.mark is not None and leaf.treatment not in ("full_marks", "zero")
        of = self.say("earns", points=self._of(leaf)) if is_scaled else self._of(leaf)
        parts = [self.mark(leaf), of] if is_scaled else [of] if leaf.applicable else []
        parts += [self._shown(leaf.calculation)] if leaf.calculation and not leaf.treatment else []
        parts += [self._stands_for(leaf)] if leaf.stands_for else []
        parts += [self.say("not marked"), self.say(f"missing.{leaf.missing}")] if leaf.missing else []
        if leaf.treatment:
            parts += [self.say(COUNTED[leaf.treatment], leaf, reason=leaf.authorities[0].reason)]
        return ", ".join(parts)

    def mark(self, leaf: steps.Leaf) -> str:
        """The mark of a leaf on a scale of its own."""
        return self.say("on scale", leaf)

    def _stands_for(self, leaf: steps.Leaf) -> str:
        is_same = leaf.replaced_maximum == leaf.maximum
        phrase = "stands for" if is_same else "stands for other"
        return self.say(phrase, node=leaf.stands_for, replaced=leaf.replaced_maximum)

    def _extra(self, extra: steps.Extra) -> str:
        """Bonus and penalty points, and what a cap took of them."""
        by_role = {"bonus": extra.bonus, "penalty": extra.penalty}
        parts = [self.say(role, points=own) for role, own in by_role.items() if own or extra.role == role]
        counted = extra.bonus + extra.penalty
        cap = self.say("cap", added=counted + extra.taken, cap=counted) if extra.taken else ""
        return (", ".join(parts) or self.say("bonus", points=counted)) + cap + self._elsewhere(extra)

    def _elsewhere(self, step: steps.Leaf | steps.Extra) -> str:
        """Where bonus and penalty count, if not in the total."""
        return f", {self.say('counts in', node=self.name(step.adjusts))}" if step.adjusts else ""

    def otherwise(self) -> Iterator[Line]:
        """What did not count in the ordinary way, by whom and why, leaves of one reason together."""
        together = grouped((REASON(leaf), leaf) for leaf in filter(self._is_otherwise, self.leaves))
        for leaves in together.values():
            first = leaves[0]
            heading = self.say(
                first.treatment or "stands for",
                to=first.to,
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
        if leaf.ignored is None:
            return ""
        return self.say("ignored" if leaf.to is None else "counted as", leaf)

    def _authority(self, authority: Authority) -> str:
        who = self.say(WHO[authority.origin], authority)
        values = [equation(name, value, self.language) for name, value in authority.because]
        who += self.say("because", values=self.say("and").join(values)) if values else ""
        return self.say("authority", authority, who=who)
