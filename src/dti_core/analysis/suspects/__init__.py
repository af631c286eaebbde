"""What to look into before publication: marks that stand out by a rule; nothing is changed."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import attrs

from dti_core.analysis.compared import only_result
from dti_core.analysis.doors import exact_number, share, whole
from dti_core.analysis.marked import Rates
from dti_core.analysis.suspects.signs import SIGNS, Asked, Suspect
from dti_core.analysis.together import Edition, results_of
from dti_core.answer import Answer, Columns, doubles, in_language, texts
from dti_core.assessment import Assessment, Assessments
from dti_core.assessment.cohort import together
from dti_core.errors import InvalidArgument, Language, shorten
from dti_core.published import PublishedResult
from dti_core.result import Result
from dti_core.scores.setting import By
from dti_core.terms import Number
from dti_core.words import ANSWERS
from dti_core.words import SUSPECTS as WORDS


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Suspects(Answer):
    """Marks to look into, rule by rule.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[30, 20], [12, 8], [12, 8]], rubric, units=["a", "b", "c"]))
    >>> told = suspects(result)
    >>> told.counts()["identical"], [(suspect.unit, suspect.rule) for suspect in told.found]
    (2, [('b', 'identical'), ('c', 'identical'), ('a', 'full')])
    """

    #: rule by rule
    found: tuple[Suspect, ...]

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {rule}" for rule, count in self.counts().items() if count)
        return f"<Suspects: {counts or 'none'}>"

    def counts(self) -> dict[str, int]:
        """How often each rule found something."""
        return {rule: sum(suspect.rule == rule for suspect in self.found) for rule in SIGNS}

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row for what each rule found.

        ``unit`` and ``name`` (None of a whole leaf), ``leaf`` and ``title`` (None of a whole unit), ``rule``,
        ``rule_title``, ``figure`` (the number that the rule looks at) and ``why``, in words.
        """
        language, found = self._speaking(language), self.found
        return {
            "unit": texts(suspect.unit for suspect in found),
            "name": in_language((suspect.name for suspect in found), language),
            "leaf": texts(suspect.leaf for suspect in found),
            "title": in_language((suspect.title for suspect in found), language),
            "rule": texts(suspect.rule for suspect in found),
            "rule_title": in_language((WORDS[suspect.rule] for suspect in found), language),
            "figure": doubles(suspect.figure for suspect in found),
            "why": texts(suspect.why.text(language) for suspect in found),
        }

    def _remarks(self, language: Language) -> Iterator[str]:
        yield WORDS["remark" if self.found else "nothing"].text(language)

    def _shown(self, language: Language) -> Columns:
        """Why says the figure too."""
        return {name: column for name, column in self.columns(language).items() if name != "figure"}


def suspects(
    source: Result | Edition,
    previous: Result | PublishedResult | Edition | None = None,
    *,
    by: By = None,
    assessments: Assessments | Iterable[Assessment] | None = None,
    mads: Number = 3,
    jump: Number = 0.5,
    fewest: int = 5,
) -> Suspects:
    """What to look into before publication: a row for each mark, unit or leaf that stands out by one of these rules.

    - ``identical``: a unit has the same marks as others on every leaf; ``figure`` counts the marks
    - ``full``: every leaf that needs a mark is marked in full; ``figure`` counts them
    - ``untouched``: appraisal left every mark as claimed, where ``assessments`` are given; ``figure`` counts them
    - ``outlier``: the share of the total is more than ``mads`` median absolute deviations from the median of the block;
      ``figure`` is how many
    - ``jump``: the rate of a leaf changed by ``jump`` or more since ``previous``; ``figure`` is by how much
    - ``constant``: all units that are marked on a leaf have the same rate, ``figure``
    - ``ignored``: a mark, ``figure``, stands where it does not count
    - ``denied``: a mark of 0 stands where the explanation, of ``assessments``, says that the work is done

    Median and constant leaves are looked at where at least ``fewest`` units are ranked or marked. These are rules, not
    statistics of misconduct: each row is a question to ask. No number is changed by them.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> marks = MarkSheet.from_array([[30, 20], [12, 8], [12, 8]], rubric, units=["a", "b", "c"])
    >>> [(row["unit"], row["rule"]) for row in suspects(evaluate(rubric, marks)).rows]
    [('b', 'identical'), ('c', 'identical'), ('a', 'full')]
    """
    results = [*map(only_result, results_of(source))]
    asked = Asked(
        by=by,
        before=tuple(map(Rates.of, _earlier(previous))),
        gathered=None if assessments is None else together(assessments),
        mads=_above_nothing("mads", mads),
        jump=share("jump", jump),
        fewest=whole("fewest", fewest, 2),
    )
    found = [suspect for sign in SIGNS.values() for result in results for suspect in sign(asked, result)]
    return Suspects(found=tuple(found))


def _earlier(previous: Any) -> list[Result | PublishedResult]:
    """The results of the last round that have units."""
    if previous is None:
        return []
    results = results_of(previous)
    if not isinstance(results[0], Result | PublishedResult):
        message = ANSWERS("source.scored", value=shorten(previous))
        raise InvalidArgument(ANSWERS("at", place="previous", message=message))
    return [result for result in results if result.units]


def _above_nothing(name: str, value: Any) -> Fraction:
    number = exact_number(value)
    if number is None or number <= 0:
        raise InvalidArgument(WORDS("above_nothing", name=name, value=shorten(value)))
    return number
