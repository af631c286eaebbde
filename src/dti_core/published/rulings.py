"""The rules and decisions behind a published result: what did not count, who is not ranked, what limits grades."""

from typing import Any, Literal, get_args

import attrs

from dti_core import terms
from dti_core.applicability import Origin, Outcome
from dti_core.exact import Exact
from dti_core.rubric.conditions import When, when_of
from dti_core.rubric.exclusions import Treatment
from dti_core.rubric.grades import Limit
from dti_core.terms import Label
from dti_core.terms.fields import checked, code_or_none, word

Why = Literal["unit", "no_block", "block"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class Ruling:
    """A rule of the rubric, or a decision of the round or on one unit, that decided what counts."""

    #: rule, round or unit: a rule of the rubric, a decision of the round or on one unit
    source: Origin = word(*get_args(Origin))
    #: the code of a rule; None of a decision
    rule: str | None = attrs.field(default=None, converter=code_or_none)
    #: which units a rule is for: every unit, where it says nothing
    when: When = attrs.field(default=(), converter=when_of)
    #: codes of leaves, components, indices or groups
    members: tuple[str, ...] = attrs.field(converter=terms.codes_of)
    #: skip, full_marks, reduce, substitute, count or zero
    treatment: Treatment = word(*get_args(Treatment))
    #: with substitute, the stand-by leaf that counts instead; else None
    by: str | None = attrs.field(default=None, converter=code_or_none)
    #: with reduce, the highest mark still possible; else None
    to: Exact | None = None
    #: why, as people are told
    reason: Label = attrs.field(converter=terms.label_of)
    #: the legal text that it rests on
    basis: str = attrs.field(converter=terms.text_of)


@attrs.frozen(kw_only=True, field_transformer=checked)
class LimitRuling(Limit):
    """A rule of the rubric, or a decision of the round or on one unit, that limits grades."""

    #: rule, round or unit: a rule of the rubric, a decision of the round or on one unit
    source: Origin = word(*get_args(Origin))
    #: the code of a rule; None of a decision
    rule: str | None = attrs.field(default=None, converter=code_or_none)
    #: which units a rule is for: every unit, where it says nothing
    when: When = attrs.field(default=(), converter=when_of)


@attrs.frozen(kw_only=True, field_transformer=checked)
class NotRanked:
    """Why a unit is ranked nowhere: a decision on the unit, or its block."""

    #: unit, no_block or block: a decision, no block that it is in, or one that is not ranked
    why: Why = word(*get_args(Why))
    #: of a decision its own, else in the words of the software
    reason: Label = attrs.field(converter=terms.label_of)
    #: the legal text that a decision rests on; None where its block is the reason
    basis: str | None = attrs.field(default=None, converter=terms.text_or_none)


@attrs.frozen(kw_only=True)
class NotCounted:
    """A leaf that did not count in the ordinary way; there may be very many of them."""

    #: its code
    leaf: str
    #: as in :class:`Ruling`; or standby, a stand-by leaf that is marked and replaces nothing
    treatment: Outcome = word(*get_args(Outcome))
    #: of a substituted leaf, the stand-by leaf that counts instead; else None
    by: str | None = None
    #: of a reduced leaf, the highest mark still possible; else None
    to: Exact | None = None
    #: places of those that say so among the rulings of the result, from 0
    rulings: tuple[int, ...] = ()
    #: places of the rules that they override
    overrules: tuple[int, ...] = ()
    #: the mark that did not count, or of a reduced leaf the one that counts as ``to``; None: there is none
    ignored: Exact | None = None

    @property
    def decided(self) -> tuple[Any, ...]:
        """What is said of the leaf, whatever its mark."""
        return self.leaf, self.treatment, self.by, self.to, self.rulings, self.overrules
