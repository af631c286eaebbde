"""Why a unit has no rank at a node, told once: for lists, documents and explanations alike."""

from fractions import Fraction
from typing import Literal

import attrs

from dti_core.columns.factor import ABSENT
from dti_core.errors import LANGUAGES, Language
from dti_core.evaluation import rules
from dti_core.scores.setting import By, Setting
from dti_core.terms import Label
from dti_core.words import RESULTS


@attrs.frozen
class WhyUnranked:
    """The first reason that a unit has no rank at a node, with what it rests on."""

    #: in one word
    cause: rules.UnrankedCause
    #: a decision's own words, or what the cause says
    reason: Label
    #: of a decision
    basis: str | None = None
    #: the title of the unit's block
    block: Label | None = None
    #: what part of the maximum is marked
    coverage: Fraction | None = None
    #: the least part for a rank
    least: Fraction | None = None

    def text(self, language: Language = "vi") -> str:
        """The reason, with the basis of a decision."""
        reason = self.reason.text(language)
        return reason if self.basis is None else f"{reason} ({self.basis})"


def why_unranked(
    setting: Setting, row: int, by: By, *, has_score: bool, coverage: Fraction | None
) -> WhyUnranked | None:
    """Why a unit has no rank among those that share its attributes ``by``; None where it has one."""
    aside, block = setting.marks.unranked.get(setting.marks.units[row]), setting.block(row)
    if aside is not None:
        return WhyUnranked("unit", aside.reason, aside.basis)
    title, ranked = (None, None) if block is None else (block.title, block.ranked)
    least = Fraction(setting.policy.min_coverage)
    cause = rules.why_unranked(
        is_aside=False,
        block=block_state(ranked=ranked, declared=bool(setting.rubric.blocks)),
        has_score=has_score,
        is_covered=coverage is not None and coverage >= least,
    )
    if cause is None and any(factor.codes[row] == ABSENT for factor in setting.factors(by)):
        cause = "attribute"
    if cause is None:
        return None
    return WhyUnranked(cause, reason_of(cause, title), None, title, coverage, least)


def reason_of(cause: str, block: Label | None) -> Label:
    """Why a unit has no rank where no decision says so; ``block`` is the title of its own."""
    reason = RESULTS(f"unranked.{cause}", block=block)
    return Label(*map(reason.text, LANGUAGES))


def block_state(*, ranked: bool | None, declared: bool) -> Literal["ranked", "unranked", "none"]:
    """Whether units of a block are ranked; None is no block, which is all of them where none are declared."""
    if ranked is None:
        return "none" if declared else "ranked"
    return "ranked" if ranked else "unranked"
