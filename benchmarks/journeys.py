"""What a user waits for, from the first step to the last."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import setups
from comparisons import Comparison, Job, result

import dti_core as dti
from dti_core.analysis import movement, to_reach
from dti_core.assessment import to_marks


def published(units: int) -> tuple[Job, Job]:
    """Parsing a marks document; from it to a published result, written and read again with all checks."""
    scoring, folder = setups.rubric(), Path(mkdtemp())
    marks, written = folder / "marks.json", folder / "result.json"
    marks.write_text(json.dumps(dti.to_document(setups.sheet(scoring, setups.points(units)))), "utf-8")

    def publish() -> dti.PublishedResult:
        scored = dti.evaluate(scoring, dti.load_marks(marks, scoring))
        written.write_text(json.dumps(dti.to_document(scored), ensure_ascii=False), "utf-8")
        return dti.load_result(written)

    return lambda: json.loads(marks.read_bytes()), publish


def explained(units: int) -> tuple[Job, Job]:
    """Scoring and ranking all units; the same, and why one of them stands where it does, in words."""
    made = result(units)
    scoring, marks = made.rubric, made.marks
    unit = marks.units[units // 2]
    rank = partial(_ranks, scoring, marks)
    return rank, lambda: str(dti.evaluate(scoring, marks).explain(unit))


def moved(units: int) -> tuple[Job, Job]:
    """Scoring and ranking two rounds; the same, and who moved, as columns."""
    scoring, marks = setups.rubric(), setups.points(units)
    rounds = [setups.sheet(scoring, each) for each in (marks, marks[::-1])]

    def compare() -> None:
        before, after = (dti.evaluate(scoring, each) for each in rounds)
        movement(before, after).columns()

    return lambda: [_ranks(scoring, each) for each in rounds], compare


def lifted(units: int) -> tuple[Job, Job]:
    """Scoring and ranking all units; the same, and what would lift one of them to the first place."""
    made = result(units)
    scoring, marks = made.rubric, made.marks
    unit = marks.units[units // 2]
    rank = partial(_ranks, scoring, marks)
    return rank, lambda: to_reach(dti.evaluate(scoring, marks), unit, rank=1)


def whole_round(units: int) -> tuple[Job, Job]:
    """Parsing a bundle of assessments; from it to the ranks of the appraised marks."""
    scoring, written = setups.assessments(units)
    data = json.dumps(written).encode()

    def rank() -> None:
        _ranks(scoring, to_marks(dti.load_assessments(data, scoring), "appraised"))

    return lambda: json.loads(data), rank


def _ranks(scoring: dti.Rubric, marks: dti.MarkSheet) -> None:
    dti.evaluate(scoring, marks).total.ranks()


def journeys(units: int) -> Iterator[Comparison]:
    """All of them, of so many units; explanations of everyone and one changed mark stand among the promises."""
    size = f"{units:,} units"
    what = f"{size}: marks loaded, scored, published, written, read"
    yield Comparison(what, None, "`json.loads` of the marks", partial(published, units))
    yield Comparison(f"{size}: one explained", None, "`evaluate`, ranks", partial(explained, units))
    yield Comparison(f"{size}: who moved", None, "both rounds ranked", partial(moved, units))
    what = f"{size}: what lifts one to the first place"
    yield Comparison(what, None, "`evaluate`, ranks", partial(lifted, units))
    yield Comparison(f"{size}: assessments to ranks", None, "`json.loads`", partial(whole_round, units))
