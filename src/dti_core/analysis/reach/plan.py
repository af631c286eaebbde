"""What lifts one unit: leaf by leaf, and what is reached with it."""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from dti_core.answer import Answer, Columns, doubles, in_language, texts
from dti_core.columns.frozen import Frozen
from dti_core.errors import Language
from dti_core.evaluation.rules import NOTHING
from dti_core.terms import Label
from dti_core.words import REACH, Sentence
from dti_core.words.tables import NONE, unsigned


@attrs.frozen(kw_only=True)
class MarkChange:
    """One leaf of a plan; all numbers are exact."""

    #: its code
    leaf: str
    #: what it is called
    title: Label
    #: the mark now, None where there is none
    before: Fraction | None
    #: the mark of the plan
    after: Fraction
    #: what the mark earns more, of a penalty what it takes off less
    points: Fraction
    #: ``points`` at the price of the leaf
    cost: Fraction
    #: by how much the score of the node rises with it after the changes before, in the form it is printed in, unrounded
    gain: Fraction


@attrs.frozen(kw_only=True)
class Reached:
    """What a unit has at the node, now or with the plan."""

    #: 0 where it has none
    rank: int
    #: how many units it is ranked with, itself included
    of: int
    #: the score as it is printed; None where there is none
    published: Fraction | None
    #: the code of the band
    grade: str | None
    #: what the grade is called
    grade_title: Label | None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Plan(Answer):
    """The least that lifts a unit, all others unchanged; ``sheet.with_marks(plan.marks)`` is the sheet with it.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> from dti_core.analysis import to_reach
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[10, 20]], rubric, units=["a"]))
    >>> plan = to_reach(result, "a", published=35)
    >>> plan.possible, [(change.leaf, str(change.after)) for change in plan.changes], str(plan.points)
    (True, [('1', '15')], '5')
    """

    #: who is lifted
    unit: str
    #: what it is called
    name: Label | None
    #: where it is lifted
    node: str
    #: what the node is called
    node_title: Label
    #: how many the values of the node are printed with
    decimals: int
    #: leaf by leaf, in document order
    changes: tuple[MarkChange, ...]
    #: what the unit has now
    before: Reached
    #: what a replay of the plan gave it
    reached: Reached
    #: whether the plan reaches what was asked; where none was found there are no changes
    possible: bool
    #: whether it is certain that nothing cheaper does, or of what is not possible that nothing does
    optimal: bool
    #: why it is not possible
    why: Sentence | None = None
    #: where points are short: how many there are to be had
    headroom: Fraction | None = None
    #: and how many are needed
    needed: Fraction | None = None
    language: Language = "vi"

    def __repr__(self) -> str:
        result = f"{len(self.changes)} leaves" if self.possible else "impossible"
        return f"<Plan for {self.unit}: {result}>"

    @property
    def points(self) -> Fraction:
        """What all changes earn more."""
        return sum((change.points for change in self.changes), NOTHING)

    @property
    def cost(self) -> Fraction:
        """What all changes cost."""
        return sum((change.cost for change in self.changes), NOTHING)

    @property
    def marks(self) -> Frozen[str, Frozen[str, Fraction]]:
        """The marks of the plan by unit and leaf, as :meth:`MarkSheet.with_marks` takes them."""
        return Frozen({self.unit: Frozen({change.leaf: change.after for change in self.changes})})

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per leaf in document order.

        ``leaf``, ``title``, ``from`` and ``to`` (marks), ``points``, ``cost`` and ``gain`` (of the node's value).
        """
        language = self._speaking(language)
        fields = {"from": "before", "to": "after", "points": "points", "cost": "cost", "gain": "gain"}
        return {
            "leaf": texts(change.leaf for change in self.changes),
            "title": in_language((change.title for change in self.changes), language),
            **{
                name: doubles(getattr(each, field) for each in self.changes) for name, field in fields.items()
            },
        }

    def _remarks(self, language: Language) -> Iterator[str]:
        """What is reached, by how much; or why it is not."""
        if self.why is not None:
            yield self.why.text(language)
            return
        yield REACH("plan" if self.changes else "nothing", **self._values(language)).text(language)
        if self.reached.grade != self.before.grade:
            old, new = (state.grade_title or REACH["no_grade"] for state in (self.before, self.reached))
            yield REACH("grade", before=old, after=new).text(language)
        if not self.optimal:
            yield REACH["uncertain"].text(language)

    def _values(self, language: Language) -> dict[str, object]:
        states = (self.before, self.reached)
        old, new = (unsigned(state.published, self.decimals, language) for state in states)
        return {
            "unit": self.name or self.unit,
            "node": self.node_title,
            "before": self.before.rank or NONE,
            "after": self.reached.rank or NONE,
            "of": self.reached.of,
            "old": old,
            "new": new,
            "points": self.points,
            "cost": self.cost,
        }
