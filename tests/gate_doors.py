"""Every public door of the library with arguments that it takes, room by room; assessments have their own tests."""

import inspect
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

import dti_core as dti
from dti_core import analysis, methods
from dti_core.assessment import Assessment, Assessments, Cycle
from dti_core.measures.table import in_units


class Door(NamedTuple):
    """A public callable with arguments that it takes, each of which is then made wrong; ``...`` is left out."""

    call: Callable[..., Any]
    arguments: Mapping[str, Any]


WHY: Any = {"reason": "lý do", "basis": "01/QĐ"}
EXAMPLE, ONE = dti.Label("Ví dụ", "Example"), dti.Label("Một", "One")
RUBRIC = dti.Rubric(
    "r",
    EXAMPLE,
    [dti.Index("1", ONE, 30)],
    edition="2024",
    attributes={"g": {}},
    bands=[dti.Band("good", dti.Label("Tốt", "Good"), 0)],
    blocks=[dti.Block("x", dti.Label("Khối x", "Block x"), {"g": "x"})],
)
MEASURED = dti.Rubric("m", EXAMPLE, [dti.Index("1", ONE, 30, scoring=methods.Ratio())])
SHEET = dti.MarkSheet.from_array([[1], [2]], RUBRIC, units=["a", "b"], attributes={"g": ["x", "y"]})
RESULT = dti.evaluate(RUBRIC, SHEET)
MEASURES = dti.Measures.from_rows(
    [{"1": {"a": 1, "b": 2}}, {"1": {"a": 2, "b": 2}}], MEASURED, units=["a", "b"]
)

CYCLE = Cycle(RUBRIC)
ASSESSMENTS = Assessments(CYCLE, [Assessment(CYCLE, unit, attributes={"g": "x"}) for unit in ("a", "b")])


def marks() -> dict[str, Door]:
    """Marks by table and by array, and what a sheet is asked."""
    of_sheet: dict[str, Any] = {"rubric": RUBRIC, "exclusions": ()}
    others: dict[str, Any] = {"grade_limits": (), "pinned": False}
    others |= dict.fromkeys(["unit_exclusions", "unit_grade_limits", "unranked", "unit_custom"])
    others |= dict.fromkeys(["period", "stage", "custom"])
    of_units: dict[str, Any] = {"units": ["a", "b"], "names": None, "attributes": {"g": ["x", "y"]}}
    array: dict[str, Any] = {"marks": [[1], [2]], "leaves": None, "rounding": None}
    table: dict[str, Any] = {
        "table": {"unit": ["a", "b"], "1": [1, 2], "g": ["x", "y"]},
        "unit": "unit",
        "attributes": (),
        "mark": "mark",
        "others": ...,
    }
    table |= dict.fromkeys(["name", "rounding", "columns", "leaf", "roster", "not_applicable"])
    array |= {"others": ...}
    return {
        "MarkSheet": Door(dti.MarkSheet, of_sheet | of_units | others | {"ticks": SHEET.held}),
        "MarkSheet.concat": Door(dti.MarkSheet.concat, {"sheets": [SHEET]}),
        "MarkSheet.from_array": Door(dti.MarkSheet.from_array, of_sheet | of_units | array),
        "MarkSheet.from_table": Door(dti.MarkSheet.from_table, of_sheet | table),
        "MarkSheet.of": Door(SHEET.of, {"unit": "a"}),
        "MarkSheet.row": Door(SHEET.row, {"unit": "a"}),
        "MarkSheet.with_exclusions": Door(SHEET.with_exclusions, {"exclusions": {"a": []}}),
        "MarkSheet.with_marks": Door(SHEET.with_marks, {"marks": {"a": {"1": 3}}}),
        "MarkSheet.without": Door(SHEET.without, {"units": ["a"]}),
    }


def ranks() -> dict[str, Door]:
    """Ranks of any numbers, and of units counted in several places."""
    tally, kept = dti.Tally.of(RESULT.total), dti.Compact.of(RESULT.total)
    fields = {"subject": kept.subject, "values": kept.values, "groups": kept.groups, "labels": kept.labels}
    return {
        "Compact": Door(dti.Compact, fields),
        "Compact.of": Door(dti.Compact.of, {"scores": RESULT.total, "by": None}),
        "rank": Door(dti.rank, {"values": [1, 2], "by": None, "ties": "competition"}),
        "Tally": Door(dti.Tally, {"subject": tally.subject, "counts": tally.counts}),
        "Tally.of": Door(dti.Tally.of, {"scores": RESULT.total, "by": None}),
        "Tally.ranks": Door(tally.ranks, {"scores": RESULT.total, "ties": None}),
    }


def rubrics() -> dict[str, Door]:
    """A rubric and everything that it is made of."""
    named: dict[str, Any] = {"code": "c", "title": "Tên"}
    comparison: dict[str, Any] = dict.fromkeys(
        ["const", "enum", "minimum", "maximum", "exclusive_minimum", "exclusive_maximum", "not_"]
    )
    criterion = named | {"max_points": 1, "custom": None, "components": (), "role": "scored"}
    criterion |= {"evidence": None, "scoring": None, "mark_max": None, "mark_min": 0}
    criterion |= {"cap": False, "adjusts": None, "zero_unless": ()}
    excluding = WHY | {"members": ["1"], "treatment": "skip", "by": None, "to": None}
    bounds: dict[str, Any] = dict.fromkeys(["at_least", "above", "at_most", "below"])
    members = {"members": ["1"]}
    policy: dict[str, Any] = {"renormalise": "overall", "missing": "zero", "min_coverage": 0}
    policy |= {"exceed_maximum": False, "publish": dti.Publish(), "decide_on": "published", "ties": "dense"}
    policy |= {"evidence": "optional", "unproven": "report", "tie_break": (), "publish_parts": None}
    rubric = named | {"indices": [dti.Index("1", "Một", 30)], "mark_decimals": 2, "policy": dti.Policy()}
    rubric |= dict.fromkeys(["custom", "edition", "period", "decision", "max_points"])
    rubric |= dict.fromkeys(
        ["basis", "groups", "pillars", "exclusions", "blocks", "bands", "grade_limits"], ()
    )
    limit: dict[str, Any] = WHY | {"at_most": "good", "lower_by": None}
    band = named | {"at_least": 0, "above": None, "requires": (), "quota": None}
    table = {"STT": ["1"], "Chỉ số": ["Một"], "Điểm tối đa": [30]}
    headers: dict[str, Any] = {"codes": "STT", "titles": "Chỉ số", "maxima": "Điểm tối đa"}
    headers |= dict.fromkeys(["title_en", "role", "scoring", "evidence", "mark_max"])
    annex = named | headers | {"table": table, "others": ...}
    return {
        "Attribute": Door(dti.Attribute, comparison | {"type": None}),
        "AttributeOrder": Door(dti.AttributeOrder, {"attribute": "g", "order": "ascending"}),
        "Attribute.holds": Door(dti.Attribute(type="number").holds, {"value": 1}),
        "Band": Door(dti.Band, band),
        "Block": Door(dti.Block, named | {"when": {}, "ranked": True}),
        "Component": Door(dti.Component, criterion),
        "Condition": Door(dti.Condition, comparison | {"const": 1}),
        "Condition.holds": Door(dti.Condition(const=1).holds, {"value": 1}),
        "Decision": Door(dti.Decision, {"number": "1/QĐ", "issued": None, "issuer": None}),
        "Exclusion": Door(dti.Exclusion, excluding | {"units": None}),
        "ExclusionRule": Door(dti.ExclusionRule, excluding | {"code": "c", "when": {}}),
        "GradeLimit": Door(dti.GradeLimit, limit | {"units": None}),
        "GradeLimitRule": Door(dti.GradeLimitRule, limit | {"code": "c", "when": {}}),
        "Group": Door(dti.Group, named | members | {"custom": None}),
        "Index": Door(dti.Index, criterion),
        "Label": Door(dti.Label, {"vi": "Tên", "en": None}),
        "Label.text": Door(dti.Label("Tên").text, {"language": "vi"}),
        "NodeCondition": Door(dti.NodeCondition, bounds | {"node": "1", "at_least": 50, "in_": "percent"}),
        "Pillar": Door(dti.Pillar, named | members | {"custom": None}),
        "Policy": Door(dti.Policy, policy),
        "Policy.publish_of": Door(dti.Policy().publish_of, {"node": "1"}),
        "Publish": Door(dti.Publish, {"as_": "scale", "decimals": 2, "rounding": "half_up", "of": 5}),
        "PublishParts": Door(dti.PublishParts, dict.fromkeys(["as_", "decimals", "rounding", "of"])),
        "Quota": Door(dti.Quota, {"percent": 25, "count": None, "ties": "out"}),
        "Rubric": Door(dti.Rubric, rubric | {"attributes": {}}),
        "Rubric.from_table": Door(dti.Rubric.from_table, annex),
        "Rubric.replace": Door(RUBRIC.replace, {"node": "1", "fields": ...}),
        "Rubric.title_of": Door(RUBRIC.title_of, {"node": "1"}),
        "Unranked": Door(dti.Unranked, WHY),
        "read_annex": Door(dti.read_annex, annex),
    }


def comparisons() -> dict[str, Door]:
    """What differs between two rubrics."""
    difference = dti.compare_rubrics(RUBRIC, MEASURED)
    return {
        "compare_rubrics": Door(dti.compare_rubrics, {"old": RUBRIC, "new": MEASURED}),
        "RubricDifference.leaves": Door(difference.leaves, {"kind": "added"}),
        "Explanation.text": Door(RESULT.explain(RESULT.units[0]).text, {"language": "vi"}),
        "RubricChange.text": Door(difference.changes[0].text, {"language": "vi"}),
    } | telling(difference)


def documents() -> dict[str, Door]:
    """Documents in and out."""
    sheet = dti.to_document(SHEET)
    assessments = {"schema": "dti-core/assessments/1", "rubric": "r", "units": []}
    return {
        "load_rubric": Door(dti.load_rubric, {"source": dti.to_document(RUBRIC)}),
        "load_marks": Door(dti.load_marks, {"source": sheet, "rubric": RUBRIC}),
        "load_measures": Door(dti.load_measures, {"source": dti.to_document(MEASURES), "rubric": MEASURED}),
        "load_assessments": Door(dti.load_assessments, {"source": assessments, "rubric": RUBRIC}),
        "load_result": Door(dti.load_result, {"source": dti.to_document(RESULT)}),
        "canonical_form": Door(dti.canonical_form, {"thing": SHEET}),
        "sha256": Door(dti.sha256, {"thing": SHEET}),
        "load_explanation": Door(
            dti.load_explanation, {"source": dti.to_document(RESULT.explain(RESULT.units[0]))}
        ),
        "to_document": Door(dti.to_document, {"thing": RESULT, "nodes": ["total"]}),
        "PublishedResult.filled": Door(dti.load_result(dti.to_document(RESULT)).filled, {"node": "1"}),
        "PublishedResult.of": Door(dti.load_result(dti.to_document(RESULT)).of, {"unit": "a"}),
        "verify": Door(
            dti.verify,
            {"result": dti.to_document(RESULT), "rubric": RUBRIC, "marks": SHEET, "policy": RUBRIC.policy},
        ),
    }


def measures() -> dict[str, Door]:
    """What was measured, and the marks that it gives."""
    rows = [{"1": {"a": 1, "b": 2}}]
    table: dict[str, Any] = {"table": {"unit": ["a"], "1.a": [1], "1.b": [2]}, "unit": "unit"}
    table |= {"name": None, "attributes": (), "exclusions": (), "columns": None, "others": ...}
    scored = dti.score(MEASURES)
    working = dti.trace(scored, "a", "1")
    return {
        "Measures": Door(
            dti.Measures,
            {"blank": MEASURES.blank, "columns": MEASURES.columns, "place": in_units, "alone": False},
        ),
        "Measures.from_rows": Door(
            dti.Measures.from_rows, {"rows": rows, "rubric": MEASURED, "units": ["a"], "others": ...}
        ),
        "Measures.from_table": Door(dti.Measures.from_table, table | {"rubric": MEASURED}),
        "score": Door(dti.score, {"measures": MEASURES}),
        "trace": Door(dti.trace, {"sheet": scored, "unit": "a", "leaf": "1"}),
        "Trace.text": Door(working.text, {"language": "vi"}),
    }


def ways_to_score() -> dict[str, Door]:
    """Methods and their parts, with what they must be told; the rest is left as it is."""
    part: dict[str, Any] = {"code": "p", "scoring": methods.YesNo(), "points": 1}
    needed: dict[str, dict[str, Any]] = {
        "BestOf": {"parts": [methods.Part(**part)]},
        "Choice": {"answers": {"A": 1}},
        "Count": {"per_item": 1},
        "Deduct": {"per_item": 1},
        "Parts": {"parts": [methods.Part(**part)]},
        "Part": part,
        "Scale": {"high": 5},
        "Target": {"at_least": 5},
        "Tier": {"at_least": 1, "points": 1},
        "Tiers": {"tiers": [methods.Tier(at_least=0, points=1)]},
        "WorstOf": {"parts": [methods.Part(**part)]},
    }
    kinds = [name for name in methods.__all__ if attrs.has(getattr(methods, name))]
    kinds = [name for name in kinds if not inspect.isabstract(getattr(methods, name))]
    return {
        f"methods {name}": Door(
            getattr(methods, name),
            {
                field.alias: needed.get(name, {}).get(field.alias, ...)
                for field in attrs.fields(getattr(methods, name))
                if field.init
            },
        )
        for name in kinds
    }


def results() -> dict[str, Door]:
    """What a result is asked."""
    total, published = RESULT.total, dti.load_result(dti.to_document(RESULT))
    return {
        "PublishedResult.columns": Door(published.columns, {"nodes": None, "language": "vi"}),
        "PublishedResult.ranking": Door(published.ranking, {"language": "vi", "nodes": ["1"]}),
        "evaluate": Door(dti.evaluate, {"rubric": RUBRIC, "marks": SHEET, "policy": None}),
        "Result.adjustments": Door(RESULT.adjustments, {"unit": None}),
        "Result.columns": Door(RESULT.columns, {"nodes": None, "language": "vi", "shape": "wide"}),
        "Result.exclusions": Door(RESULT.exclusions, {"unit": None, "language": "vi"}),
        "Result.grade_limits": Door(RESULT.grade_limits, {"unit": None, "language": "vi"}),
        "Result.exclusion_totals": Door(RESULT.exclusion_totals, {"language": "vi"}),
        "Result.explain": Door(RESULT.explain, {"unit": "a", "node": "total", "language": "vi"}),
        "Result.ranking": Door(RESULT.ranking, {"by": None, "language": "vi", "nodes": ["1"]}),
        "Scores.exact": Door(total.exact, {"field": "score"}),
        "Scores.grades": Door(total.grades, {"by_thresholds": False}),
        "Scores.labelled_groups": Door(total.labelled_groups, {"by": None}),
        "Scores.published_as": Door(
            total.published_as, {"form": "scale", "decimals": 2, "rounding": None, "of": 5}
        ),
        "Scores.ranked_with": Door(total.ranked_with, {"by": None}),
        "Scores.ranks": Door(total.ranks, {"by": None, "ties": None}),
        "Scores.unranked": Door(total.unranked, {"by": None, "language": "vi"}),
        "Scores.why_unranked": Door(total.why_unranked, {"unit": "a", "by": None}),
    }


def analyses() -> dict[str, Door]:
    """Comparisons of units, editions and weights."""
    standing = analysis.standing_of(RESULT)
    at: dict[str, Any] = {"node": "total", "by": None}
    counts = analysis.grade_counts(RESULT)
    draws = analysis.weight_draws(RUBRIC, 3)
    ranked: dict[str, Any] = {"units": ["a", "b"], "ranks": [2, 1], "bands": (), "scale": None, "decimals": 0}
    ranked |= {"values": [1, 2], "blocks": ["x", "x"], "titles": {}}
    ranked |= dict.fromkeys(["grades", "names"], (None, None))
    moved = analysis.movement(RESULT, RESULT)
    rounds = {"2023": RESULT, "2024": RESULT}
    past = analysis.history(rounds)
    changes: dict[str, Any] = dict.fromkeys(["merged", "split", "renamed", "blocks"])
    edition = analysis.publish_together({"x": RESULT})
    change = analysis.explain_change(RESULT, RESULT, "a")
    variants, coherent = analysis.policy_variants(RESULT, decimals=[0]), analysis.coherence(RESULT)
    left_out, by_result = analysis.leave_one_out(RESULT), analysis.coherence(edition)
    choices: dict[str, Any] = {"renormalise": ["none"], "missing": ["zero"], "decide_on": ["exact"]}
    choices |= {"decimals": [0], "rounding": ["down"], "ties": ["dense"]}
    choices |= {"policies": {}, "without": [], "rubric": None}
    plan: dict[str, Any] = {"places": 1, "cost": {"1": 2}, "steps": {"1": [5]}, "among": ["1"]}
    plan |= dict.fromkeys(["rank", "grade", "published"])
    intervals = analysis.rank_intervals(RESULT, draws, keep=True)
    doors: list[tuple[str, Callable[..., Any], dict[str, Any]]] = [
        ("Change.leaves", change.leaves, {"unit": "a"}),
        ("Edition", analysis.Edition, {"results": {"x": RESULT}}),
        ("Edition.standing", edition.standing, at),
        (
            "GradeCounts",
            analysis.GradeCounts,
            {"blocks": ("x",), "grades": ("good",), "numbers": [[1]], "titles": {}, "bands": ()}
            | {"signed": False},
        ),
        ("GradeCounts.given", analysis.GradeCounts.given, {"counts": {"x": {"good": 1}}}),
        ("GradeCounts.since", counts.since, {"before": counts}),
        ("History.summary", past.summary, {"language": None}),
        ("Movement.counts", moved.counts, {"block": None}),
        ("RankIntervals.top", intervals.top, {"k": 1}),
        ("Standing", analysis.Standing, ranked),
        ("Standing.bottom", standing.bottom, {"n": 1}),
        ("Standing.leaders", standing.leaders, {"n": 1}),
        ("Standing.take", standing.take, {"rows": [0]}),
        ("Standing.title", standing.title, {"block": None, "language": "vi"}),
        ("appraisal_audit", analysis.appraisal_audit, {"assessments": ASSESSMENTS, "by": "unit"}),
        ("compare_rubrics", analysis.compare_rubrics, {"old": RUBRIC, "new": MEASURED}),
        ("compare_stages", analysis.compare_stages, {"assessments": ASSESSMENTS, "by": "unit"}),
        (
            "explain_change",
            analysis.explain_change,
            {"before": RESULT, "after": RESULT, "unit": "a", "order": None}
            | dict.fromkeys(["merged", "renamed", "leaves"])
            | at,
        ),
        ("ByResult", analysis.ByResult, {"answers": {"x": standing}}),
        ("PolicyVariants.shares", variants.shares, {"language": None}),
        ("PolicyVariants.spans", variants.spans, {"language": None}),
        ("Coherence.pairs", coherent.pairs, {"language": None}),
        ("bottom", analysis.bottom, {"source": RESULT, "n": 1} | at),
        ("coherence", analysis.coherence, {"source": RESULT} | at),
        (
            "certain_ranks",
            analysis.certain_ranks,
            {"source": RESULT, "spread": Fraction(1, 4), "nodes": None, "by": None},
        ),
        ("grade_counts", analysis.grade_counts, {"source": RESULT} | at),
        ("history", analysis.history, {"rounds": rounds} | changes | at),
        ("leaders", analysis.leaders, {"source": RESULT, "n": 1} | at),
        ("leave_one_out", analysis.leave_one_out, {"source": RESULT} | at),
        ("exclusion_effect", analysis.exclusion_effect, {"source": RESULT} | at),
        (
            "mark_draws",
            analysis.mark_draws,
            {"source": RESULT, "count": 2, "sd": None, "steps": 1, "leaves": None, "seed": 0},
        ),
        (
            "merge_units",
            analysis.merge_units,
            {"source": RESULT, "merged": {"c": ["a"]}, "mean_of": "scores"}
            | {"names": None, "blocks": None, "attributes": {"c": {"g": "x"}}},
        ),
        (
            "movement",
            analysis.movement,
            {"previous": RESULT, "current": RESULT} | changes | at,
        ),
        ("policy_variants", analysis.policy_variants, {"source": RESULT} | choices | at),
        ("publish_together", analysis.publish_together, {"results": {"x": RESULT}}),
        (
            "profile",
            analysis.profile,
            {"source": RESULT, "unit": "a", "nodes": "leaves", "by": (), "top": 3, "fewest": 2, "tied": 1},
        ),
        ("progress", analysis.progress, {"assessments": ASSESSMENTS, "by": None}),
        (
            "rank_intervals",
            analysis.rank_intervals,
            {"source": RESULT, "draws": draws, "nodes": None, "by": None, "level": 0.9, "keep": False},
        ),
        ("reversals", analysis.reversals, {"measures": MEASURES} | at),
        (
            "shortfalls",
            analysis.shortfalls,
            {"source": RESULT, "unit": None, "node": "total", "low": 0.5, "unproven": None},
        ),
        ("standing_of", analysis.standing_of, {"source": RESULT} | at),
        (
            "suspects",
            analysis.suspects,
            {"source": RESULT, "previous": RESULT, "by": (), "assessments": ASSESSMENTS}
            | {"mads": 3, "jump": Fraction(1, 2), "fewest": 2},
        ),
        ("to_reach", analysis.to_reach, {"source": RESULT, "unit": "a"} | plan | at),
        (
            "weight_draws",
            analysis.weight_draws,
            {"source": RUBRIC, "count": 3, "law": "uniform", "spread": Fraction(1, 4), "concentration": 9}
            | {"nodes": None, "seed": 0},
        ),
    ]
    answers = [
        edition,
        counts,
        past,
        moved,
        standing,
        analysis.appraisal_audit(ASSESSMENTS),
        analysis.compare_stages(ASSESSMENTS),
        analysis.profile(RESULT, "a"),
        analysis.progress(ASSESSMENTS),
        analysis.reversals(MEASURES),
        analysis.suspects(RESULT),
        change,
        change.leaves(),
        variants,
        coherent,
        left_out,
        by_result,
        analysis.shortfalls(RESULT),
        analysis.to_reach(RESULT),
        analysis.to_reach(RESULT, "a"),
        analysis.exclusion_effect(RESULT),
        analysis.certain_ranks(RESULT),
        intervals,
    ]
    told = {f"analysis {name}": door for answer in answers for name, door in telling(answer).items()}
    return told | {f"analysis {name}": Door(call, arguments) for name, call, arguments in doors}


def telling(answer: Any) -> dict[str, Door]:
    """What every answer offers, in a language."""
    name = type(answer).__name__
    return {
        f"{name}.{method}": Door(getattr(answer, method), {"language": None})
        for method in ("columns", "text", "to_html")
    }


def pages() -> dict[str, Door]:
    """What notebooks show, answers aside."""
    of_result = (RESULT.total, RESULT.explain("a"), dti.load_result(dti.to_document(RESULT)))
    shown = (RUBRIC, SHEET, RESULT, *of_result, MEASURES)
    return {f"{type(thing).__name__}.to_html": Door(thing.to_html, {"language": None}) for thing in shown}


DOORS = (
    telling(RESULT.ranking())
    | marks()
    | ranks()
    | rubrics()
    | comparisons()
    | ways_to_score()
    | documents()
    | measures()
    | results()
    | pages()
    | analyses()
)
