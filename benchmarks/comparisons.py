"""Every figure the design promises: a base, what dti_core does instead, and how much longer that may take."""

import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import attrs
import numpy as np
import setups
from numpy.typing import NDArray
from scipy.stats import rankdata

import dti_core as dti
from dti_core.analysis import (
    coherence,
    explain_change,
    leave_one_out,
    policy_variants,
    rank_intervals,
    weight_draws,
)

Job = Callable[[], Any]


@attrs.frozen
class Comparison:
    """Two ways to spend time; ``make`` gets them ready, so that one lot of marks is in memory at a time."""

    what: str
    at_most: float | None
    base: str
    make: Callable[[], tuple[Job, Job]]


def flat(marks: NDArray[np.float64]) -> Job:
    """The least that could be written instead: a weighted sum and scipy's ranks of it."""
    weights = np.ones(marks.shape[1])
    return lambda: rankdata(-(marks @ weights), "min")


def ranking(scoring: dti.Rubric, marks: NDArray[np.float64], patterns: int = setups.PATTERNS) -> Job:
    """From a mark sheet, which is made now, to the ranks of the total."""
    made = setups.sheet(scoring, marks, patterns)

    def rank() -> NDArray[np.int64]:
        return dti.evaluate(scoring, made).total.ranks()

    return rank


def ranks(units: int) -> tuple[Job, Job]:
    """A weighted sum with scipy's ranks; from a mark sheet to ranks in blocks."""
    marks = setups.points(units)
    return flat(marks), ranking(setups.rubric(), marks)


def adjusted(units: int) -> tuple[Job, Job]:
    """A weighted sum with scipy's ranks; from a mark sheet to ranks with caps, gates and marking scales."""
    marks = setups.points(units)
    return flat(marks), ranking(setups.adjusted_rubric(), marks)


def one_pass(units: int) -> tuple[Job, Job]:
    """The shortest look at all marks; from a mark sheet to ranks in blocks."""
    marks, scoring = setups.points(units), setups.rubric()
    return marks.sum, ranking(scoring, marks)


def from_array(units: int) -> tuple[Job, Job]:
    """A copy of an array; a mark sheet of it."""
    marks, scoring, kept = setups.points(units), setups.rubric(), setups.attributes(units)
    codes = setups.codes(units)
    return marks.copy, lambda: dti.MarkSheet.from_array(marks, scoring, units=codes, attributes=kept)


def from_table(units: int) -> tuple[Job, Job]:
    """A copy of an array; a mark sheet of a table of its columns."""
    marks, scoring = setups.points(units), setups.rubric()
    table = setups.table(marks, scoring)
    return marks.copy, lambda: dti.MarkSheet.from_table(table, scoring)


def document(units: int) -> tuple[Job, Job]:
    """Parsing a marks document; reading and checking it."""
    scoring = setups.rubric()
    path = Path(mkdtemp()) / "marks.json"
    written = dti.to_document(setups.sheet(scoring, setups.points(units)))
    path.write_text(json.dumps(written, ensure_ascii=False), "utf-8")
    return lambda: json.loads(path.read_bytes()), lambda: dti.load_marks(path, scoring)


def changed(units: int) -> tuple[Job, Job]:
    """From a mark sheet to ranks in blocks; from the sheet to the ranks after one mark of one unit is changed."""
    scoring = setups.rubric()
    made = setups.sheet(scoring, setups.points(units))
    unit, leaf = made.units[units // 2], scoring.tree.leaves[0]

    def rank(sheet: dti.MarkSheet) -> NDArray[np.int64]:
        return dti.evaluate(scoring, sheet).total.ranks()

    return lambda: rank(made), lambda: rank(made.with_marks({unit: {leaf: 7.25}}))


def explained_change(units: int) -> tuple[Job, Job]:
    """From a mark sheet to ranks in blocks; why all units moved since a round with other marks and another policy."""
    scoring, marks = setups.rubric(), setups.points(units)
    before = dti.evaluate(scoring, setups.sheet(scoring, marks))
    policy = attrs.evolve(scoring.policy, renormalise="none", publish=dti.Publish("percent"))
    after = dti.evaluate(scoring, setups.sheet(scoring, marks[::-1]), policy)
    return ranking(scoring, marks), lambda: explain_change(before, after)


def hashed(units: int) -> tuple[Job, Job]:
    """Writing a marks document as text; the hash of the marks."""
    scoring = setups.rubric()
    made = setups.sheet(scoring, setups.points(units))
    written = dti.to_document(made)
    return lambda: json.dumps(written), lambda: dti.sha256(made)


def explained(units: int, *, text: bool) -> tuple[Job, Job]:
    """Parsing a marks document; explaining the total of every unit, as steps or with its text."""
    scoring = setups.rubric()
    made = setups.sheet(scoring, setups.points(units))
    written = json.dumps(dti.to_document(made), ensure_ascii=False).encode()

    def explain() -> None:
        result = dti.evaluate(scoring, made)
        for unit in result.units:
            explanation = result.explain(unit)
            if text:
                str(explanation)

    return lambda: json.loads(written), explain


def result(units: int) -> dti.Result:
    """A result of 111 nodes that nothing has been asked of."""
    scoring = setups.rubric()
    return dti.evaluate(scoring, setups.sheet(scoring, setups.points(units)))


def written_result(units: int) -> tuple[Job, Job]:
    """Writing JSON of a result document; making the document, which hashes the marks."""
    made = result(units)
    document = dti.to_document(made)
    return lambda: json.dumps(document), lambda: dti.to_document(dti.evaluate(made.rubric, made.marks))


def read_result(units: int) -> tuple[Job, Job]:
    """Parsing a result document; reading it with all checks."""
    data = json.dumps(dti.to_document(result(units))).encode()
    return lambda: json.loads(data), lambda: dti.load_result(data)


def bundle(units: int) -> tuple[Job, Job]:
    """Parsing a bundle of assessments; reading and checking it."""
    scoring, written = setups.assessments(units)
    path = Path(mkdtemp()) / "assessments.json"
    path.write_text(json.dumps(written, ensure_ascii=False), "utf-8")
    return lambda: json.loads(path.read_bytes()), lambda: dti.load_assessments(path, scoring)


def draws(units: int, count: int) -> tuple[Job, Job]:
    """The product of weights and rates, each draw sorted; rank intervals."""
    scoring = dti.Rubric("draws", "x", [dti.Index(f"{at}", "x", 10 + at) for at in range(9)])
    marks = setups.points(units, 9)
    result = dti.evaluate(scoring, setups.sheet(scoring, marks))
    rates = np.array([result[node].rate for node in scoring.tree.leaves])
    weights = weight_draws(scoring, count)
    return lambda: np.sort(weights @ rates, axis=1), lambda: rank_intervals(result, weights)


def policies(units: int) -> tuple[Job, Job]:
    """From a mark sheet to ranks in blocks; ranks and changes under 287 other policies."""
    made = result(units)
    return ranking(made.rubric, setups.points(units)), lambda: policy_variants(made).columns()


def coherent(units: int) -> tuple[Job, Job]:
    """From a mark sheet to ranks in blocks; how the indices go together, and the ranks without each of 98 leaves."""
    made = result(units)
    ask = [coherence, leave_one_out]
    return ranking(made.rubric, setups.points(units)), lambda: [verb(made).columns() for verb in ask]


def decided_draws(units: int, count: int) -> tuple[Job, Job]:
    """The same where leaves are excluded, bonus counts and an index breaks ties."""
    scoring = setups.draws_rubric()
    marks = setups.points(units, len(scoring.tree.leaves))
    result = dti.evaluate(scoring, setups.sheet(scoring, marks))
    indices = [code for code in scoring.tree.children["total"] if code != "bonus"]
    rates = np.nan_to_num([result[node].rate for node in indices])
    weights = weight_draws(scoring, count)
    return lambda: np.sort(weights @ rates, axis=1), lambda: rank_intervals(result, weights)


def imports() -> tuple[Job, Job]:
    """A fresh interpreter that imports what dti_core rests on; one that imports dti_core; both from bytecode."""
    kept = {"PYTHONPYCACHEPREFIX": mkdtemp(), "PYTHONDONTWRITEBYTECODE": ""}

    def start(statement: str) -> Job:
        return lambda: subprocess.run([sys.executable, "-c", statement], check=True, env=os.environ | kept)  # noqa: S603

    return start("import numpy, attrs, cattrs"), start("import dti_core")


UNITS = [63, 1_000, 100_000, 1_000_000]
BASE = "`X @ w`, `rankdata`"


def comparisons(largest: int) -> Iterator[Comparison]:
    """All of them, the sizes that depend on it at so many units."""
    for units in UNITS:
        if units <= largest:
            allowed = {63: 3, 1_000: 3, 1_000_000: 0.5}.get(units)
            yield Comparison(f"{units:,} units: sheet to ranks", allowed, BASE, partial(ranks, units))
    size = f"{largest:,} units"
    yield Comparison(f"{size}: sheet to ranks", 4, "`X.sum()`", partial(one_pass, largest))
    what = f"{size}: the same with caps, gates and marking scales"
    yield Comparison(what, 1.5, BASE, partial(adjusted, largest))
    yield Comparison(f"{size}: sheet from an array", 4, "`X.copy()`", partial(from_array, largest))
    yield Comparison(f"{size}: sheet from a table", 8, "`X.copy()`", partial(from_table, largest))
    yield Comparison("3,321 units: marks document", 6, "`json.loads`", partial(document, 3_321))
    what = "3,321 units: one changed mark, sheet to ranks"
    yield Comparison(what, 2, "`evaluate`, ranks", partial(changed, 3_321))
    what = "3,321 units: why all moved since another round"
    yield Comparison(what, 400, "`evaluate`, ranks", partial(explained_change, 3_321))
    what = "3,321 units: ranks under 287 other policies"
    yield Comparison(what, 1_500, "`evaluate`, ranks", partial(policies, 3_321))
    what = "3,321 units: coherence, ranks without each of 98 leaves"
    yield Comparison(what, 500, "`evaluate`, ranks", partial(coherent, 3_321))
    yield Comparison("3,321 units: hash of the marks", 2, "`json.dumps`", partial(hashed, 3_321))
    for text, most in ((False, 35), (True, 70)):
        what = f"3,321 units: totals explained {'with text' if text else 'as steps'}"
        yield Comparison(what, most, "`json.loads`", partial(explained, 3_321, text=text))
    what = "3,321 units × 111 nodes: result document written"
    yield Comparison(what, 2, "`json.dumps`", partial(written_result, 3_321))
    what = "3,321 units × 111 nodes: result document read"
    yield Comparison(what, 8, "`json.loads`", partial(read_result, 3_321))
    yield Comparison("3,321 units: assessments with evidence", 6, "`json.loads`", partial(bundle, 3_321))
    what = "3,321 units × 9 indices, 10,000 draws"
    yield Comparison(what, 2, "`np.sort(W @ R)`", partial(draws, 3_321, 10_000))
    what = "the same with exclusions, bonus and tie-break"
    yield Comparison(what, 5, "`np.sort(W @ R)`", partial(decided_draws, 3_321, 10_000))
    yield Comparison("import", 1.5, "numpy, attrs, cattrs", imports)


def memory(units: int) -> float:
    """The most memory that ranking takes beyond the sheet, as a share of the input."""
    marks, scoring = setups.points(units), setups.rubric()
    made = setups.sheet(scoring, marks)
    scores = dti.evaluate(scoring, made).total
    return peak(scores.ranks)[0] / marks.nbytes


def result_size(units: int) -> tuple[float, float]:
    """A result document in bytes of its marks document; the most memory to read it, in that of parsing it."""
    made = result(units)
    data, marks = (json.dumps(dti.to_document(each)).encode() for each in (made, made.marks))
    return len(data) / len(marks), peak(lambda: dti.load_result(data))[0] / peak(lambda: json.loads(data))[0]


def peak(job: Job) -> tuple[int, int]:
    """The most memory that a job takes, and what it leaves behind."""
    tracemalloc.start()
    job()
    stays, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, stays
