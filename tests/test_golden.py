"""Other software's published results, on other people's data, come out the same."""

import csv
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import lcm
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dti_core as dti

GOLDEN = Path(__file__).parent / "golden"
BASIS = "golden"


def text(path: str) -> str:
    """A file of golden figures."""
    return (GOLDEN / path).read_text("utf-8")


@cache
def data(path: str) -> Any:
    """A JSON file, its numbers as printed."""
    return json.loads(text(path), parse_float=Decimal)


@cache
def table(path: str) -> dict[str, list[str]]:
    """A CSV file as columns of text."""
    header, *rows = csv.reader(text(path).splitlines())
    return {name: [row[at] for row in rows] for at, name in enumerate(header)}


def number(value: str) -> Decimal | None:
    """A cell of a table; an empty one is missing."""
    return Decimal(value) if value else None


def skip(*members: str) -> dti.Exclusion:
    """A decision of the round to leave out, for everyone."""
    return dti.Exclusion(members=members, treatment="skip", reason="left out", basis=BASIS)


def one_unit(
    rubric: dti.Rubric, marks: Mapping[str, Any], *exclusions: dti.Exclusion, rounding: Any = None
) -> dti.Result:
    """The result of a single unit."""
    columns = {"unit": ["u"]} | {leaf: [mark] for leaf, mark in marks.items()}
    sheet = dti.MarkSheet.from_table(columns, rubric, exclusions=exclusions, rounding=rounding)
    return dti.evaluate(rubric, sheet)


def flat(maxima: Mapping[str, Any], bands: Sequence[dti.Band] = (), **policy: Any) -> dti.Rubric:
    """A rubric without depth."""
    indices = [dti.Index(code, code, maximum) for code, maximum in maxima.items()]
    return dti.Rubric("flat", "Flat", indices, mark_decimals=4, bands=bands, policy=dti.Policy(**policy))


class Weighted:
    """A tree whose parents are weighted means of their children, as a rubric in whole points.

    ``by_level`` weights children by their maxima, so each child's share of its parent's maximum is its weight's
    share of its siblings'. The least common multiple of all denominators makes every maximum a whole number.
    """

    def __init__(
        self, root: str, children: Mapping[str, Sequence[str]], weight: Mapping[str, Fraction]
    ) -> None:
        self.root, self.children, self.weight = root, children, weight
        self.share = {root: Fraction(1)}
        for node in self.inner(root):
            siblings = sum(weight[child] for child in children[node])
            self.share |= {child: self.share[node] * weight[child] / siblings for child in children[node]}
        self.scale = lcm(*(share.denominator for share in self.share.values()))
        self.leaves = [node for node in self.share if not children.get(node)]

    def inner(self, node: str) -> list[str]:
        """A node and those under it that have children, parents first."""
        below = [found for child in self.children.get(node, ()) for found in self.inner(child)]
        return [node, *below] if self.children.get(node) else []

    def maximum(self, node: str) -> int:
        """What a node is worth."""
        return int(self.share[node] * self.scale)

    def rubric(self, decimals: int, **policy: Any) -> dti.Rubric:
        """The tree as a rubric renormalised level by level."""
        return dti.Rubric(
            "weighted",
            self.root,
            [
                dti.Index(code, code, self.maximum(code), components=self.below(code))
                for code in self.children[self.root]
            ],
            mark_decimals=decimals,
            policy=dti.Policy(renormalise="by_level", **policy),
        )

    def below(self, node: str) -> list[dti.Component]:
        """The components of a node."""
        codes = self.children.get(node, ())
        return [dti.Component(code, code, self.maximum(code), components=self.below(code)) for code in codes]


# UN E-Government Development Index 2018


@cache
def egdi() -> dti.Result:
    """193 countries: the mean of three components, published with 4 decimals."""
    indices = [dti.Index(code, code, 1) for code in ("osi", "hci", "tii")]
    rubric = dti.Rubric(
        "egdi", "EGDI", indices, mark_decimals=4, policy=dti.Policy(publish=dti.Publish("ratio", decimals=4))
    )
    source = table("egdi/egdi_2018.csv")
    groups = table("egdi/country_groups.csv")
    place = {code: at for at, code in enumerate(groups["country_code"])}
    columns: dict[str, list[Any]] = {code: list(map(number, source[code])) for code in ("osi", "hci", "tii")}
    columns |= {key: [groups[key][place[code]] for code in source["iso3"]] for key in ("region", "income")}
    columns |= {"unit": source["iso3"], "name": source["name"]}
    return dti.evaluate(
        rubric, dti.MarkSheet.from_table(columns, rubric, name="name", attributes=["region", "income"])
    )


def test_egdi_index() -> None:
    """The published index of all 193 countries."""
    published = list(map(float, table("egdi/egdi_2018.csv")["egdi"]))

    assert len(published) == 193
    assert egdi().total.published.tolist() == published


def test_egdi_rank() -> None:
    """The published rank of all 193 countries: ties are those of the printed index."""
    assert egdi().total.ranks().tolist() == [int(float(rank)) for rank in table("egdi/egdi_2018.csv")["rank"]]


@pytest.mark.parametrize("by", [("region",), ("income",), ("region", "income")], ids="+".join)
def test_egdi_peer_ranks(by: tuple[str, ...]) -> None:
    """Among peers a country's rank is one more than the number of peers with a higher index."""
    source, groups = table("egdi/egdi_2018.csv"), table("egdi/country_groups.csv")
    values = list(map(float, source["egdi"]))
    place = {code: at for at, code in enumerate(groups["country_code"])}
    peers = [tuple(groups[key][place[code]] for key in by) for code in source["iso3"]]

    expected = [
        1 + sum(other > value and theirs == mine for other, theirs in zip(values, peers, strict=True))
        for value, mine in zip(values, peers, strict=True)
    ]

    assert egdi().total.ranks(by=by).tolist() == expected
    assert dti.rank(values, by=["/".join(each) for each in peers]).tolist() == expected


# XCCDF


@cache
def xccdf() -> tuple[Weighted, dict[str, str]]:
    """The tree of groups and rules, and the results of the rules."""
    children: dict[str, list[str]] = {}
    weight: dict[str, Fraction] = {}
    results: dict[str, str] = {}
    waiting = [data("xccdf/fedora_benchmark_default_34.72.json")["tree"]]
    while waiting:
        node = waiting.pop()
        weight[node["id"]] = Fraction(node["weight"])
        children[node["id"]] = [child["id"] for child in node.get("children", ())]
        results |= {node["id"]: node["result"]} if "result" in node else {}
        waiting += node.get("children", ())
    return Weighted("benchmark_FEDORA", children, weight), results


def xccdf_result() -> dti.Result:
    """Every rule passes or fails; excluded results and groups without rules are skipped by decision."""
    source = data("xccdf/fedora_benchmark_default_34.72.json")
    tree, results = xccdf()
    passed = {rule for rule, result in results.items() if result in source["pass_results"]}
    left_out = [leaf for leaf in tree.leaves if results.get(leaf) in (None, *source["excluded_results"])]
    marks = {leaf: tree.maximum(leaf) if leaf in passed else 0 for leaf in tree.leaves}
    return one_unit(tree.rubric(0), marks, skip(*left_out))


def test_xccdf_default_score() -> None:
    """Exclusions at depth, level by level: exactly 625/18 percent, printed 34.722221 in single precision."""
    total = xccdf_result().total
    scale = xccdf()[0].scale

    exact = Fraction(625, 18) / 100 * scale
    assert exact.denominator == 1
    assert total.published_as("points", 9).tolist() == [int(exact)]
    assert total.published_as("percent", 9).tolist() == [34.722222222]
    printed = data("xccdf/fedora_benchmark_default_34.72.json")["published"]["default"]["score"]
    assert np.float32(total.published_as("percent", 9)[0]) == pytest.approx(float(printed), abs=2e-6)


def test_xccdf_empty_groups() -> None:
    """A group with nothing left in it has no score and hands its weight to its siblings."""
    result = xccdf_result()

    assert np.isnan(result["group_intro"].score).all()
    assert result["group_intro"].applicable.tolist() == [0]
    assert result["group_software"].rate.tolist() == [1]


def test_xccdf_flat_score() -> None:
    """The flat model, 11 of 23 rules, is the rate of a rubric with equal rules."""
    source = data("xccdf/fedora_benchmark_default_34.72.json")
    results = xccdf()[1]
    left_out = [rule for rule, result in results.items() if result in source["excluded_results"]]

    rubric = flat(dict.fromkeys(results, 1))
    marks = {rule: int(result in source["pass_results"]) for rule, result in results.items()}
    total = one_unit(rubric, marks, skip(*left_out)).total

    flat_score = source["recomputed_here"]["flat"]
    assert (total.points[0], total.applicable[0]) == (
        float(flat_score["score"]),
        float(flat_score["maximum"]),
    )


@pytest.mark.parametrize(
    "case", data("xccdf/small_cases.json")["cases"], ids=lambda case: Path(case["from"]).name
)
def test_xccdf_small_cases(case: Mapping[str, Any]) -> None:
    """Small published cases, but that nothing left is null: the source says 0 by one model and 1 by another."""
    rules = case["rules"]
    if isinstance(rules, str):
        rules = [{"w": 1, "r": "notselected"}] * int(rules.split()[0])
    rubric = flat({f"r{at}": rule["w"] for at, rule in enumerate(rules)}, renormalise="by_level")
    left_out = [f"r{at}" for at, rule in enumerate(rules) if rule["r"] not in ("pass", "fail")]
    marks = {f"r{at}": rule["w"] if rule["r"] == "pass" else 0 for at, rule in enumerate(rules)}

    total = one_unit(rubric, marks, *([skip(*left_out)] if left_out else [])).total

    if len(left_out) == len(rules):
        assert (total.applicable[0], total.ranks()[0]) == (0, 0)
        assert np.isnan(total.score[0])
    else:
        assert total.published_as("percent", 4).tolist() == [float(case["default"])]
        assert [total.points[0], total.applicable[0]] == list(
            map(float, case.get("flat", [total.points[0], len(rules)]))
        )


# OpenSSF Scorecard


def scorecard(checks: Mapping[str, Any], weight: Mapping[str, Any]) -> dti.Scores:
    """Checks scored 0 to 10 with weights as maxima; −1, inconclusive, is skipped."""
    rubric = flat({check: weight[check] for check in checks}, publish=dti.Publish("ratio", 9))
    marks = {check: weight[check] * value / 10 if value >= 0 else None for check, value in checks.items()}
    left_out = [check for check, value in checks.items() if value < 0]
    return one_unit(rubric, marks, *([skip(*left_out)] if left_out else [])).total


def test_scorecard_readme() -> None:
    """The mean that Scorecard's rule gives for its README's table (whose headline is stale)."""
    source = data("scorecard/openssf_scorecard.json")
    checks = source["readme_example"]["checks"]
    weight = {check: Decimal(source["weights"][source["risk_of_check"][check]]) for check in checks}

    total = scorecard(checks, weight)

    expected = float(source["readme_example"]["rule_gives"])
    assert total.published.tolist() == [round(expected / 10, 9)]
    assert total.completeness.tolist() == [1]


@pytest.mark.parametrize(
    "case", data("scorecard/openssf_scorecard.json")["from_tests"], ids=lambda case: case["name"]
)
def test_scorecard_cases(case: Mapping[str, Any]) -> None:
    """Means of single results; −1 is left out of both sums."""
    checks = {f"c{at}": Decimal(value) for at, value in enumerate(case["checks"])}

    total = scorecard(checks, dict.fromkeys(checks, Decimal(1)))

    assert total.published.tolist() == [float(case["aggregate"]) / 10]


def test_scorecard_nothing_left() -> None:
    """Where every check is inconclusive there is no score: null, where Scorecard says −1."""
    total = scorecard({"a": Decimal(-1), "b": Decimal(-1)}, {"a": Decimal(10), "b": Decimal(5)})

    assert np.isnan(total.published).all()
    assert total.ranks().tolist() == [0]


PROPORTIONAL = data("scorecard/openssf_scorecard.json")["proportional_weighted"]


@pytest.mark.parametrize("case", PROPORTIONAL, ids=lambda case: json.dumps(case["groups"]))
def test_scorecard_proportional(case: Mapping[str, Any]) -> None:
    """Successes over totals, rounded down; a total of 0 drops out.

    A success of a total of 0 is an error there; here a leaf worth nothing keeps any mark for the record, unscored.
    Where nothing has a weight there are full marks there; here a maximum of 0 has no score.
    """
    groups = [
        (Decimal(success), Decimal(total), Decimal(weight)) for success, total, weight in case["groups"]
    ]
    weighs_nothing = all(total * weight == 0 for _, total, weight in groups)
    down = dti.Publish("ratio", 1, "down")
    rubric = flat({f"g{at}": total * weight for at, (_, total, weight) in enumerate(groups)}, publish=down)
    marks = {f"g{at}": success * weight for at, (success, _, weight) in enumerate(groups)}

    result = one_unit(rubric, marks)

    if case.get("error"):
        assert result.marks.of("u") == marks
    if case["score"] < 0 or weighs_nothing:
        assert np.isnan(result.total.published).all()
    else:
        assert result.total.published.tolist() == [case["score"] / 10]


# Rubric semantics

SEMANTICS = {case["name"]: case for case in data("rubric_semantics/na_policies_gates_bands.json")["cases"]}
GATED = [
    name
    for name, case in SEMANTICS.items()
    if any("gate_min" in node and not node.get("advisory") for node in case["nodes"])
]
NOT_COVERED = {
    "all weights zero -> equal mean": "a node whose maximum is 0 has no score: null, not a mean of something else",
    "group Minimum": "parts are added up; there is no minimum",
    "group Maximum": "parts are added up; there is no maximum",
}
PARTLY_COVERED = {
    "NA fails evaluation, only leaf": "null as expected; that it is also called a failure is not",
    "NA fails evaluation but is still dropped": "the score as expected; that it is also called a failure is not",
}


@pytest.mark.parametrize(
    "name",
    [name for name in SEMANTICS if name not in GATED and name not in NOT_COVERED],
)
def test_rubric_semantics(name: str) -> None:
    """Cases of what does not apply, is missing, weighs nothing or lies on a bound, as far as the rules have them.

    Not applicable is a decision to skip; counted as zero, a mark of 0; advisory, a maximum of 0; unanswered, a
    missing mark left out of the maximum; a threshold, a band; a least completeness, a least coverage to be ranked.
    """
    case = SEMANTICS[name]
    nodes, expected = case["nodes"], case["expect"]
    bands = [dti.Band("above", "Đạt", 100 * case.get("threshold", 1)), dti.Band("below", "Không đạt", 0)]
    rubric = flat(
        {node["k"]: 0 if node.get("advisory") else node["w"] for node in nodes},
        bands,
        missing="refuse" if any(node.get("na") == "not_allowed" for node in nodes) else "exclude",
        min_coverage=case.get("min_completeness", 0),
        publish=dti.Publish("ratio", 6),
    )
    left_out = [node["k"] for node in nodes if node.get("na") in ("exclude", "fail")]
    decisions = [skip(*left_out)] if left_out else []
    marks = {node["k"]: node["w"] * node["score"] if "score" in node else None for node in nodes}
    marks |= {node["k"]: 0 for node in nodes if node.get("na") == "zero" or node.get("advisory")}

    if "error_mentions" in expected:
        with pytest.raises(dti.InvalidDocument, match=expected["error_mentions"]):
            one_unit(rubric, marks, *decisions)
        return
    result = one_unit(rubric, marks, *decisions)

    total = result.total
    if expected["score"] is None:
        assert np.isnan(total.published).all()
        assert total.grades().tolist() == [None]
        return
    assert total.published.tolist() == [float(expected["score"])]
    if "completeness" in expected:
        assert total.completeness.tolist() == [float(expected["completeness"])]
    for node, effective in expected.get("effective_weight", {}).items():
        assert result[node].applicable.tolist() == [effective or 0]
    if "threshold" in case and name not in PARTLY_COVERED:
        assert total.grades().tolist() == ["below" if expected["outcome"] == "BelowThreshold" else "above"]
        assert total.ranks().tolist() == [0 if expected["outcome"] == "Incomplete" else 1]


@pytest.mark.parametrize("name", GATED)
def test_semantics_of_gates(name: str) -> None:
    """A criterion short of its least score fails the whole, unanswered too; one that does not apply is not asked."""
    case = SEMANTICS[name]
    nodes, expected = case["nodes"], case["expect"]
    gate = [
        dti.NodeCondition(node["k"], at_least=100 * node["gate_min"]) for node in nodes if "gate_min" in node
    ]
    parts = [dti.Component(node["k"], node["k"], node["w"]) for node in nodes]
    rubric = dti.Rubric(
        "gated",
        "Gated",
        [dti.Index("whole", "Whole", components=parts, zero_unless=gate)],
        bands=[dti.Band("above", "Đạt", 100 * case["threshold"]), dti.Band("below", "Không đạt", 0)],
        policy=dti.Policy(min_coverage=case.get("min_completeness", 0)),
    )
    left_out = [node["k"] for node in nodes if node.get("na") == "exclude"]
    marks = {node["k"]: node["w"] * node["score"] if "score" in node else None for node in nodes}
    result = one_unit(rubric, marks, *([skip(*left_out)] if left_out else []))

    assert (result["whole"].points.tolist() == [0]) is expected["gate_failed"]
    assert result.total.ranks().tolist() == [0 if expected["outcome"] == "Incomplete" else 1]
    assert result.total.grades().tolist() == ["above" if expected["outcome"] == "Passed" else "below"]


def test_semantics_reasons_are_needed() -> None:
    """Every reason given for a case that is not covered belongs to a case there is."""
    assert set(NOT_COVERED) | set(PARTLY_COVERED) <= set(SEMANTICS)
    assert len(SEMANTICS) == 17


def test_not_applicable_checks() -> None:
    """15 checks, 7 true, 3 false, 5 not applicable: 70 %, not 46 %."""
    case = data("rubric_semantics/na_policies_gates_bands.json")["na_issue_example"]
    codes = [f"c{at}" for at in range(case["total"])]
    passed, left_out = codes[: case["true"]], codes[case["total"] - case["not_applicable"] :]

    total = one_unit(
        flat(dict.fromkeys(codes, 1)), {code: int(code in passed) for code in codes}, skip(*left_out)
    ).total

    assert total.published_as("percent", 0).tolist() == [case["correct_percent"]]


# Rank vectors


def test_rank_vectors_scipy() -> None:
    """Competition and dense are scipy's min and dense; its average, max and ordinal are no ranks a decision uses."""
    case = data("ranking/rank_vectors.json")["scipy_447"]
    falling = [-value for value in case["a"]]

    assert dti.rank(falling).tolist() == case["ascending"]["min"]
    assert dti.rank(falling, ties="dense").tolist() == case["ascending"]["dense"]


@pytest.mark.parametrize(
    "case",
    data("ranking/rank_vectors.json")["coinr_rank_df"],
    ids=lambda case: str(list(case.values())),
)
def test_rank_vectors_coinr(case: Mapping[str, Any]) -> None:
    """COINr's ranks, over all units and in groups."""
    expected = case.get("rank_desc_min") or case["rank_in_group"]

    assert dti.rank(case["x"], by=case.get("groups")).tolist() == expected


def test_rank_vector_with_a_hole() -> None:
    """A value that is missing has no rank, written 0, and is not counted in the others'."""
    case = data("ranking/rank_vectors.json")["nan_keep"]
    values = [np.nan if value is None else value for value in case["x"]]

    assert dti.rank(values).tolist() == [rank or 0 for rank in case["rank_desc_min"]]


def test_rank_vector_of_float_noise() -> None:
    """`rank` compares the numbers it is given; marks are decimals, so noise is refused, or rounded away first."""
    case = data("ranking/rank_vectors.json")["float_noise"]
    values = [float(value) for value in case["values"]]
    rubric = flat({"1": 1})
    columns = {"unit": ["a", "b", "c"], "1": values}

    assert dti.rank(values).tolist() == case["exact_rank_desc_min"]
    with pytest.raises(dti.InvalidDocument, match="decimals"):
        dti.MarkSheet.from_table(columns, rubric)
    sheet = dti.MarkSheet.from_table(columns, rubric, rounding="half_up")
    assert dti.evaluate(rubric, sheet).total.ranks().tolist() == case["rank_after_round_6"]


# COINr's ASEM example. Not here: mc_*.csv (draws of weights belong to the analysis of results), the strengths and
# weaknesses (raw values, a report of their own).


@cache
def asem_tree(weights: str) -> Weighted:
    """The four levels of ASEM with one of its sets of weights."""
    columns = table(f"asem/weights_{weights}.csv")
    weight = {code: Fraction(value) for code, value in zip(columns["iCode"], columns["Weight"], strict=True)}
    children: dict[str, list[str]] = {}
    for path in zip(
        *(table("asem/lineage.csv")[level] for level in ("Indicator", "Pillar", "Sub-index", "Index")),
        strict=True,
    ):
        for child, parent in pairwise(path):
            if child not in children.setdefault(parent, []):
                children[parent].append(child)
    return Weighted("Index", children, weight)


DECIMALS = {"original": 9, "alt": 5}
"""Marks are rounded to this: maxima add up to 10,800 and to 3,044,561,520 points, and 10^15 ticks are the most."""


@cache
def asem(weights: str, data_set: str, removed: str | None = None) -> dti.Result:
    """51 units, normalised to 0 to 100: a mark is that share of its leaf's maximum."""
    tree = asem_tree(weights)
    source = table(f"asem/{data_set}.csv")
    groups = table("asem/ranks_in_GDPpc_group.csv")
    assert groups["uCode"] == source["uCode"]
    columns: dict[str, list[Any]] = {"unit": source["uCode"], "group": groups["GDPpc_group"]}
    for leaf in tree.leaves:
        cells = map(number, source[leaf])
        columns[leaf] = [None if cell is None else cell * tree.maximum(leaf) / 100 for cell in cells]
    rubric = tree.rubric(DECIMALS[weights], missing="exclude", decide_on="exact")
    exclusions = [skip(removed)] if removed else []
    sheet = dti.MarkSheet.from_table(
        columns, rubric, attributes=["group"], exclusions=exclusions, rounding="half_up"
    )
    return dti.evaluate(rubric, sheet)


def nodes_of(source: Mapping[str, Sequence[str]]) -> list[str]:
    """The columns of a table that are nodes, indicators included."""
    return [name for name in source if name not in ("uCode", "GDPpc_group", "EurAsia_group")]


@pytest.mark.parametrize(
    ("weights", "data_set", "expected"),
    [
        ("alt", "stage_normalised", "agg_amean_altweights"),
        ("original", "holes_normalised", "holes_agg_amean"),
        ("alt", "holes_normalised", "holes_agg_amean_altweights"),
    ],
)
def test_asem_means(weights: str, data_set: str, expected: str) -> None:
    """COINr's weighted means of every node, renormalised over holes level by level.

    A mark is off by half a tick at most, and so, in percent of its leaf, is every mean above it.
    """
    result = asem(weights, data_set)
    tree = asem_tree(weights)
    source = table(f"asem/{expected}.csv")
    tolerance = 50 / 10 ** DECIMALS[weights] / min(map(tree.maximum, tree.leaves)) + 1e-9

    for node in nodes_of(source):
        values = [float(value) if value else np.nan for value in source[node]]
        shown = result["total" if node == "Index" else node].published_as("percent", 9)
        np.testing.assert_allclose(shown, values, rtol=0, atol=tolerance, err_msg=node)


def test_asem_ranks() -> None:
    """COINr's ranks of 51 units on the index, its sub-indices, pillars and 49 indicators, but for one cell.

    Greece's 54.022988505747115 is the 54.022988505747129 of two others, told apart by the noise of doubles only.
    """
    source = table("asem/ranks_all_columns.csv")
    result = asem("original", "stage_normalised")

    differing: dict[tuple[str, str], tuple[int, int]] = {}
    for node in nodes_of(source):
        ranks = result["total" if node == "Index" else node].ranks().tolist()
        rows = zip(source["uCode"], ranks, map(int, source[node]), strict=True)
        differing |= {(unit, node): (mine, theirs) for unit, mine, theirs in rows if mine != theirs}
    assert differing == {("GRC", "TolMin"): (24, 26)}


def test_asem_peer_ranks() -> None:
    """COINr's ranks among units of the same income group, on every node."""
    source = table("asem/ranks_in_GDPpc_group.csv")
    result = asem("original", "stage_normalised")

    for node in nodes_of(source):
        ranks = result["total" if node == "Index" else node].ranks(by="group")
        assert ranks.tolist() == [int(rank) for rank in source[node]], node


@pytest.mark.parametrize(
    "removed", ["Physical", "ConEcFin", "Political", "Instit", "P2P", "Environ", "Social", "SusEcFin"]
)
def test_asem_without_a_pillar(removed: str) -> None:
    """COINr's ranks when one pillar is left out: a decision to skip it hands its weight to its siblings."""
    result = asem("original", "stage_normalised", removed)

    ranks = table("asem/remove_pillar_ranks.csv")[removed]
    assert result.total.ranks().tolist() == [int(rank) for rank in ranks]
