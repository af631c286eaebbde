"""Result documents: exact, lossless, the same every time, and refused where they contradict themselves."""

import copy
import decimal
import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference
import reference_ranks
from full_documents import FULL, FULL_MARKS
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference_rules import Document, Refused
from strategies import contested, crowded, documents
from strategies_decisions import decided_sums

import dti_core as dti
from dti_core.documents import check, columns
from dti_core.documents.canonical import canonical, content_hash
from dti_core.documents.columns import exact_text, exacts_out, lengths
from dti_core.documents.schema import schema, shape_problems
from dti_core.exact import narrow
from dti_core.exact.rationals import Rationals
from dti_core.published.scores import NodeScores

EXAMPLE: Document = schema("result")["examples"][0]
HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    "\u202eA\u202c",
    "x" * 10_000,
    "'; DROP TABLE units",
]
some = settings(max_examples=max(10, settings().max_examples // 3))


def result_of(rubric: Document, marks: Document) -> dti.Result:
    """The result of two documents."""
    read = dti.load_rubric(rubric)
    return dti.evaluate(read, dti.load_marks(marks, read))


def document_of(rubric: Document, marks: Document) -> Document:
    """The result document of two documents, as a file would hold it."""
    return json.loads(json.dumps(dti.to_document(result_of(rubric, marks)), ensure_ascii=False))  # type: ignore[no-any-return]


def national() -> dti.Result:
    """DTI 2022 of five provinces."""
    rubric = dti.load_rubric("vn-922-province")
    return dti.evaluate(rubric, dti.load_marks("vn-922-province-2022", rubric))


def value(text: str | None) -> Fraction | None:
    """The number that text stands for."""
    return None if text is None else Fraction(text)


@some
@given(st.one_of(documents(), contested(), crowded(), decided_sums()))
def test_everything_is_exact_and_kept(pair: tuple[Document, Document]) -> None:
    """Every number is the fraction that the rules give, and reading and writing loses none of it."""
    try:
        expected = reference.evaluate(*pair)
    except Refused:
        assume(False)  # noqa: FBT003
    document = document_of(*pair)
    read = dti.load_result(document)

    assert {*read.scores} == {*expected["nodes"]}
    for node in expected["nodes"]:
        ranks = reference_ranks.ranks(expected, node)
        for unit, score in read[node].items():
            record = expected["units"][unit][node]
            for field in ("points", "applicable", "rate", "score", "completeness", "coverage"):
                assert getattr(score, field) == getattr(record, field), (unit, node, field)
            published = None if score.published is None else Fraction(score.published)
            assert (published, score.grade) == (record.published, record.grade), (unit, node)
            assert (score.rank or 0) == ranks[unit], (unit, node)
    assert json.dumps(dti.to_document(read)) == json.dumps(document)
    assert read == dti.load_result(dti.to_document(read))


def test_every_key_is_kept() -> None:
    """A result of documents that use every key, with custom data of its own, is written as it was read."""
    document = document_of(FULL, FULL_MARKS) | {"custom": {"note": [1, None]}}

    assert dti.to_document(dti.load_result(document)) == document


def test_national_figures() -> None:
    """Đà Nẵng's 800.175 of 1000 is published as 0.8002, exact on both sides of the file."""
    document = dti.to_document(national())
    total = document["scores"]["total"]
    read = dti.load_result(document)

    assert (total["points"][0], total["published"][0], total["rank"][0]) == ("800.175", "0.8002", 1)
    assert (read.total["da-nang"].rank, read.total["da-nang"].of) == (1, 5)
    assert read.total["da-nang"].score == Fraction("800.175")
    assert str(read.total["da-nang"].published) == "0.8002"
    assert read["government"]["da-nang"].rank == 1
    assert read["6"]["da-nang"].rate is None


def test_what_it_was_worked_out_by() -> None:
    """The document names rubric, marks, library version and the policy, every key of it that says something."""
    rubric = dti.load_rubric(FULL)
    other = dti.Policy(renormalise="none", ties="dense")
    result = dti.evaluate(rubric, dti.load_marks(FULL_MARKS, rubric), policy=other)
    document = dti.to_document(result)

    assert document["rubric"]["code"] == "everything"
    sheet = dti.to_document(dti.load_marks(FULL_MARKS, rubric))
    assert document["marks"] == {"period": "quý 1", "stage": "self", "sha256": content_hash(sheet)}
    assert document["library"] == {"name": "dti-core", "version": importlib.metadata.version("dti-core")}
    keys = [key for key in schema("result")["$defs"]["Policy"]["properties"] if key != "publish_parts"]
    assert list(document["policy"]) == keys
    assert document["policy"]["renormalise"] == "none"
    assert document["policy"]["publish"] == {"as": "points", "decimals": 2, "rounding": "half_up"}
    assert dti.load_result(document).policy == other


def test_what_did_not_count() -> None:
    """Leaf, treatment, the rules and decisions behind it, what they override, and the mark ignored, unit by unit."""
    leaf = {"title": "x", "max_points": 10}
    when = {"unit": {"not": {"const": "z"}}}
    rule = {
        "code": "e",
        "when": when,
        "members": ["2"],
        "treatment": "skip",
        "reason": "Lý do",
        "basis": "Điều 5",
    }
    rubric = {
        "schema": "dti-core/rubric/1", "code": "r", "title": "R", "exclusions": [rule],
        "indices": [{"code": "1", **leaf}, {"code": "2", **leaf}, {"code": "s", **leaf, "role": "standby"}],
    }  # fmt: skip
    pilot = {"members": ["1"], "treatment": "full_marks", "reason": "Thí điểm", "basis": "Công văn 1"}
    after_all = {"members": ["2"], "treatment": "count", "reason": "Đã có thủ tục", "basis": "Công văn 2"}
    units = [
        {"code": "a", "marks": {"1": 3, "2": 4, "s": 5}, "exclusions": [pilot]},
        {"code": "b", "marks": {"1": 3}},
        {"code": "c", "marks": {"1": 3, "2": 4}, "exclusions": [after_all, after_all]},
    ]
    document = document_of(rubric, {"schema": "dti-core/marks/1", "rubric": "r", "units": units})

    assert document["rulings"] == [
        {"source": "rule", "rule": "e", **{key: value for key, value in rule.items() if key != "code"}},
        {"source": "unit", **pilot},
        {"source": "unit", **after_all},
    ]
    assert [unit["excluded"] for unit in document["units"]] == [
        [
            {"leaf": "1", "treatment": "full_marks", "rulings": [1], "ignored": "3"},
            {"leaf": "2", "treatment": "skip", "rulings": [0], "ignored": "4"},
            {"leaf": "s", "treatment": "standby", "ignored": "5"},
        ],
        [{"leaf": "2", "treatment": "skip", "rulings": [0]}],
        [{"leaf": "2", "treatment": "count", "rulings": [2], "overrules": [0]}],
    ]


def test_a_leaf_that_very_many_decisions_skip() -> None:
    """Units of which two hundred decisions say the same of a leaf are read back with every one of them."""
    leaf = {"title": "x", "max_points": 10}
    indices = [{"code": "1", **leaf}, {"code": "2", **leaf}]
    rubric = {"schema": "dti-core/rubric/1", "code": "r", "title": "R", "indices": indices}
    decisions = [
        {"members": ["2"], "treatment": "skip", "reason": f"Lý do {at}", "basis": "Điều 5"}
        for at in range(200)
    ]
    units = [{"code": code, "marks": {"1": mark}} for code, mark in (("a", 3), ("b", 4))]
    marks = {"schema": "dti-core/marks/1", "rubric": "r", "units": units, "exclusions": decisions}
    read = dti.load_result(document_of(rubric, marks))

    assert [unit.excluded[0].rulings for unit in read.units] == [(*range(200),)] * 2


@some
@given(st.one_of(contested(), decided_sums()))
def test_the_document_tells_what_the_result_tells(pair: tuple[Document, Document]) -> None:
    """Leaf by leaf, the rulings, the rules they override and the marks ignored are those of ``exclusions()``."""
    try:
        result = result_of(*pair)
    except dti.InvalidDocument:
        assume(False)  # noqa: FBT003
    document, table = dti.to_document(result), result.exclusions()
    rulings = document.get("rulings", [])

    written = []
    for unit in document["units"]:
        for aside in unit.get("excluded", ()):
            overrules = ", ".join(rulings[place]["rule"] for place in aside.get("overrules", ())) or None
            ignored = float(Fraction(aside["ignored"])) if "ignored" in aside else None
            to = float(Fraction(aside["to"])) if "to" in aside else None
            shared = (unit["code"], aside["leaf"], aside["treatment"], aside.get("by"), to)
            sources = [rulings[place] for place in aside.get("rulings", ())] or [{"source": "rubric"}]
            written += [(*shared, each["source"], each.get("rule"), overrules, ignored) for each in sources]
    names = ("unit", "leaf", "treatment", "by", "to", "source", "rule", "overrules", "ignored")
    rows = zip(*(table[name].tolist() for name in names), strict=True)
    assert written == [tuple(None if each != each else each for each in row) for row in rows]
    changes = [
        (unit["code"], node, what, float(Fraction(points)))
        for unit in document["units"]
        for node, changed in unit.get("adjusted", {}).items()
        for what, points in changed.items()
    ]
    adjusted = result.adjustments()
    columns = (adjusted[name].tolist() for name in ("unit", "node", "what", "points"))
    assert sorted(changes) == sorted(zip(*columns, strict=True))


def test_why_units_are_unranked() -> None:
    """A unit set aside and a unit in no ranked block say why, by a word and a reason, and have no rank anywhere."""
    document = document_of(FULL, FULL_MARKS)
    aside, block = (unit["unranked"] for unit in document["units"])

    assert aside == {"why": "unit", "reason": "Mới", "basis": "b"}
    assert (block["why"], block["reason"]["en"]) == ("block", "block l is not ranked")
    assert [columns for columns in document["scores"].values() if "rank" in columns] == []


def written(seed: str, folder: Path) -> bytes:
    """The result documents that a fresh interpreter writes."""
    code = (
        "import json, sys, dti_core as d\n"
        "for rubric, marks in json.load(open(sys.argv[1], encoding='utf-8')):\n"
        "    rubric = d.load_rubric(rubric)\n"
        "    result = d.evaluate(rubric, d.load_marks(marks, rubric))\n"
        "    print(json.dumps(d.to_document(result), ensure_ascii=False))\n"
    )
    pairs = [
        (FULL, FULL_MARKS),
        ("vn-922-province", "vn-922-province-2022"),
    ]
    file = folder / "pairs.json"
    file.write_text(json.dumps(pairs), "utf-8")
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": f"UTC{seed}", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-X", "utf8", "-c", code, str(file)]
    return subprocess.run(command, check=True, capture_output=True, env=environment).stdout


def test_same_bytes_in_every_process(tmp_path: Path) -> None:
    """The same documents give the same bytes, whatever the seed of hashes and the time zone."""
    assert written("1", tmp_path) == written("2", tmp_path)


def test_the_callers_decimal_context_has_no_say() -> None:
    """A caller who works with three significant digits gets the same document."""
    result, expected = national(), dti.to_document(national())
    with decimal.localcontext() as context:
        context.prec = 3
        context.traps[decimal.Inexact] = True

        assert dti.to_document(result) == expected
        assert dti.to_document(dti.load_result(expected)) == expected


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_stay_as_they_are(label: str, tmp_path: Path) -> None:
    """Script, formulas, right-to-left marks and 10,000 characters come back letter by letter."""
    rubric = {
        "schema": "dti-core/rubric/1", "code": "r", "title": label,
        "indices": [{"code": "1", "title": label, "max_points": 1}, {"code": "2", "title": "x", "max_points": 1}],
    }  # fmt: skip
    decision = {"members": ["2"], "treatment": "skip", "reason": label, "basis": label}
    unit = {
        "code": "a",
        "name": label,
        "attributes": {"note": label},
        "marks": {"1": 1},
        "exclusions": [decision],
    }
    marks = {"schema": "dti-core/marks/1", "rubric": "r", "units": [unit]}
    file = tmp_path / "result.json"
    file.write_text(json.dumps(document_of(rubric, marks), ensure_ascii=False), "utf-8")
    read = dti.load_result(file)

    found = [read.rubric.title, read.nodes[1].title, read.units[0].name, read.rulings[0].reason]
    assert {str(each) for each in found} == {label}
    assert (read.units[0].attributes["note"], read.rulings[0].basis) == (label, label)


def test_true_is_not_one() -> None:
    """Results that differ in an attribute being true or 1 are not equal."""
    one, other = copy.deepcopy(EXAMPLE), copy.deepcopy(EXAMPLE)
    one["units"][0]["attributes"], other["units"][0]["attributes"] = {"tag": True}, {"tag": 1}

    assert dti.load_result(one) != dti.load_result(other)
    assert dti.load_result(one) == dti.load_result(copy.deepcopy(one))


def test_text_is_normalised() -> None:
    """Codes typed as letters and separate accents are those typed as one character."""
    text = json.dumps(EXAMPLE, ensure_ascii=False).replace('"a"', '"Hue\u0302\u0301"')

    assert list(dti.load_result(json.loads(text)).total) == ["Huế"]


def test_unknown_node() -> None:
    """Asking for a node that is not there names the nearest."""
    with pytest.raises(dti.UnknownCode, match="'total'"):
        dti.load_result(EXAMPLE)["totl"]


def test_nodes_of_a_published_result() -> None:
    """Iterating gives the codes of its nodes, ``in`` asks for one, and a code typed with separate accents is found."""
    text = json.dumps(EXAMPLE).replace('"2":', '"\\u1ebf":').replace('"code": "2"', '"code": "\\u1ebf"')
    document = json.loads(text)
    document["nodes"][0]["children"][1] = "ế"
    document["nodes"][2]["maximum"] = "2"
    document["rulings"][0]["members"] = ["ế"]
    document["units"][0]["excluded"][0]["leaf"] = "ế"
    published = dti.load_result(document)

    assert [*published] == ["total", "1", "ế"]
    assert "e\u0302\u0301" in published
    assert published["e\u0302\u0301"] == published["ế"]
    assert "2" not in published
    assert 2 not in published


def test_repr() -> None:
    """A result read back tells its rubric and size in one line."""
    assert repr(dti.load_result(EXAMPLE)) == "<PublishedResult of example-hue: 1 units, 3 nodes>"


def test_check() -> None:
    """A result document is checked by its schema key, without a rubric."""
    assert check(EXAMPLE) == ()
    assert [problem.where for problem in check(EXAMPLE | {"units": None})] == ["$.units"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("44.40625", "44.40625"),
        ("-3/2", "-1.5"),
        ("625/18", "625/18"),
        ("1/1024", "0.0009765625"),
        ("7/3", "7/3"),
    ],
)
def test_exact_text(number: str, text: str) -> None:
    """A number that ends is a decimal without idle zeros, another a fraction in lowest terms."""
    assert exact_text(Fraction(number)) == text


@some
@given(documents())
def test_what_follows_is_left_out(pair: tuple[Document, Document]) -> None:
    """No column is written whose values all follow from the others of its node: coverage is not what part applies."""
    try:
        document = document_of(*pair)
    except dti.InvalidDocument:
        assume(False)  # noqa: FBT003
    for node in document["nodes"]:
        columns = document["scores"][node["code"]]
        applicable = columns.get("applicable", [node.get("maximum")] * len(document["units"]))
        if "coverage" in columns:
            maximum = Fraction(node["maximum"])
            follows = [maximum and Fraction(text) / maximum for text in applicable]
            assert follows != [Fraction(text or 0) for text in columns["coverage"]]


@some
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 1, 99, 100, 12_345, 2**17, 2**40, 2**70]) | st.integers(-200, 10**6),
            st.sampled_from([0, 1, 3, 100, 1024, 10**18]) | st.integers(1, 9),
        )
    )
)
def test_the_texts_of_a_column(pairs: list[tuple[int, int]]) -> None:
    """However many denominators a column has, each number is told as it is alone, in no more room than is reckoned."""
    pairs = [(above if below else 0, below) for above, below in pairs]
    above, below = (narrow(np.array([pair[end] for pair in pairs], dtype=object)) for end in (0, 1))
    column = Rationals(above, below)
    texts = exacts_out(column)

    assert texts == [exact_text(Fraction(*pair)) if pair[1] else None for pair in pairs]
    [(count, most)] = lengths(NodeScores(points=column))
    assert count == len(texts)
    assert all(len(json.dumps(text)) + len(", ") <= most for text in texts)


def test_numbers_beyond_any_document() -> None:
    """A fraction of thousands of digits is refused rather than cut."""
    for number in (Fraction(1, 3**9000), Fraction(1, 2**5000), Fraction(10**5000)):
        with pytest.raises(dti.InvalidArgument, match="digits"):
            exact_text(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (5e-324, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"), (295147905179352830000.0, "295147905179352830000"),
        (1e21, "1e+21"), (1e23, "1e+23"), (0.000001, "0.000001"), (1e-7, "1e-7"),
        (333333333.33333325, "333333333.33333325"),
        (-1424953923781206.2, "-1424953923781206.2"), (20, "20"),
    ],
)  # fmt: skip
def test_canonical_numbers(number: float, text: str) -> None:
    """Numbers in canonical form are those of RFC 8785, appendix B."""
    assert canonical(number) == text


def test_hash_of_the_rubric() -> None:
    """The hash changes with anything the rubric says, not with the order of keys or defaults written out."""
    before = document_of(FULL, FULL_MARKS)["rubric"]["sha256"]
    again = {**dict(reversed(FULL.items())), "max_points": 10}
    del again["max_points"]
    other = copy.deepcopy(FULL)
    other["exclusions"][0]["basis"] = "y"

    assert document_of(again, FULL_MARKS)["rubric"]["sha256"] == before
    assert document_of(other, FULL_MARKS)["rubric"]["sha256"] != before


def put(field: str, value: Any, node: str = "total") -> Callable[[Document], None]:
    """Set a field of the one unit's scores."""
    return lambda document: document["scores"][node].__setitem__(field, [value])


def drop(field: str, node: str = "total") -> Callable[[Document], None]:
    """Leave out a column."""
    return lambda document: document["scores"][node].pop(field)


UNIT = "$.units[0]"
SCORES = "$.scores"
BROKEN: dict[str, tuple[Callable[[Document], object], str]] = {
    "number": (put("points", 42.63), f"{SCORES}.total.points[0]"),
    "exponent": (put("points", "4e1"), f"{SCORES}.total.points[0]"),
    "leading zero": (put("points", "042.63"), f"{SCORES}.total.points[0]"),
    "division by zero": (put("score", "1/0"), f"{SCORES}.total.score[0]"),
    "other digits": (put("points", "٤٢"), f"{SCORES}.total.points[0]"),
    "5,000 digits": (put("points", "9" * 5000), f"{SCORES}.total.points[0]"),
    "published as a fraction": (put("published", "4441/100"), f"{SCORES}.total.published[0]"),
    "rank 0": (put("rank", 0), f"{SCORES}.total.rank[0]"),
    "rank as text": (put("rank", "1"), f"{SCORES}.total.rank[0]"),
    "rank of one who has none": (put("rank", 1, "2"), f"{SCORES}['2'].rank[0]"),
    "null rank": (put("rank", None), f"{SCORES}.total.rank[0]"),
    "no list": (lambda it: it["scores"]["total"].update(rank=1), f"{SCORES}.total.rank"),
    "unknown key": (put("rang", 1), f"{SCORES}.total.rang"),
    "no points": (drop("points"), f"{SCORES}.total.points"),
    "a value for nobody": (lambda it: it["scores"]["1"]["rank"].append(1), f"{SCORES}['1'].rank"),
    "no value": (lambda it: it["scores"]["1"].update(points=[]), f"{SCORES}['1'].points"),
    "negative points": (put("points", "-1", "1"), f"{SCORES}['1'].points[0]"),
    "missing points of what is skipped": (put("points", None, "2"), f"{SCORES}['2'].points[0]"),
    "other points": (put("points", "42.64"), f"{SCORES}.total.points[0]"),
    "no applicable maximum": (drop("applicable"), f"{SCORES}.total.applicable[0]"),
    "wrong score": (put("score", "44.41"), f"{SCORES}.total.score[0]"),
    "score of nothing": (put("score", "0", "2"), f"{SCORES}['2'].score[0]"),
    "wrong published value": (put("published", "44.40"), f"{SCORES}.total.published[0]"),
    "no published value": (drop("published"), f"{SCORES}.total.published[0]"),
    "too many decimals": (put("published", "44.410"), f"{SCORES}.total.published[0]"),
    "wrong completeness": (put("completeness", "0.5"), f"{SCORES}.total.completeness[0]"),
    "wrong coverage": (put("coverage", "1"), f"{SCORES}.total.coverage[0]"),
    "wrong rank": (put("rank", 2), f"{SCORES}.total.rank[0]"),
    "no rank": (drop("rank"), f"{SCORES}.total.rank[0]"),
    "wrong grade": (put("grade", "fair"), f"{SCORES}.total.grade[0]"),
    "no grade": (drop("grade", "1"), f"{SCORES}['1'].grade[0]"),
    "another grade by thresholds": (put("by_thresholds", "fair"), f"{SCORES}.total.by_thresholds[0]"),
    "node missing": (lambda it: it["scores"].pop("2"), f"{SCORES}['2']"),
    "node unknown": (lambda it: it["scores"].update({"3": {"points": ["0"]}}), f"{SCORES}['3']"),
    "node twice": (lambda it: it["nodes"].append(it["nodes"][1]), "$.nodes[3].code"),
    "no total": (lambda it: it["nodes"].pop(0), "$.nodes"),
    "a total of nothing": (lambda it: it["nodes"][0].pop("children"), "$.nodes[0].children"),
    "node without maximum": (lambda it: it["nodes"][1].pop("maximum"), "$.nodes[1].maximum"),
    "another maximum": (lambda it: it["nodes"][1].update(maximum="47"), "$.nodes[0].maximum"),
    "a maximum of ten million billion": (
        lambda it: (it["nodes"][0].update(maximum=f"{10**16 + 48}"), it["nodes"][2].update(maximum=f"{10**16}")),
        "$.nodes",
    ),
    "points of nothing in tiny parts": (
        lambda it: ([node.update(maximum="0") for node in it["nodes"]],
                    it["scores"]["1"].update(points=[f"1/{10**30}"], applicable=["0"])),
        "$.nodes",
    ),
    "an attribute of another kind": (
        lambda it: (it.update(attributes={"people": {"type": "integer"}}),
                    it["units"][0].update(attributes={"people": "many"})),
        f"{UNIT}.attributes.people",
    ),
    "bonus with an applicable maximum": (
        lambda it: (it["nodes"][2].update(role="bonus"), it["nodes"][0].update(maximum="48"),
                    it["units"][0].pop("excluded")),
        f"{SCORES}['2'].applicable",
    ),
    "unit twice": (lambda it: it["units"].append(it["units"][0]), "$.units[1].code"),
    "block unknown": (lambda it: it["units"][0].update(block="x"), f"{UNIT}.block"),
    "in no block": (lambda it: it.update(blocks=[{"code": "x", "title": "x"}]), f"{UNIT}.unranked"),
    "ruling unknown": (lambda it: it["units"][0]["excluded"][0].update(rulings=[1]), f"{UNIT}.excluded[0].rulings[0]"),
    "no ruling": (lambda it: it["units"][0]["excluded"][0].pop("rulings"), f"{UNIT}.excluded[0].rulings"),
    "a ruling on another leaf": (
        lambda it: it["rulings"][0].update(members=["1"]), f"{UNIT}.excluded[0].rulings[0]",
    ),
    "a ruling of another treatment": (
        lambda it: it["rulings"][0].update(treatment="zero"), f"{UNIT}.excluded[0].rulings[0]",
    ),
    "a ruling on others": (
        lambda it: it["rulings"][0].update(when={"unit": {"const": "b"}}, source="rule"),
        f"{UNIT}.excluded[0].rulings",
    ),
    "a decision with conditions": (
        lambda it: it["rulings"][0].update(when={"unit": {"const": "a"}}), "$.rulings[0].when",
    ),
    "a decision overruled": (
        lambda it: it["units"][0]["excluded"][0].update(overrules=[0]), f"{UNIT}.excluded[0].overrules[0]",
    ),
    "overruled rule unknown": (
        lambda it: it["units"][0]["excluded"][0].update(overrules=[1]),
        f"{UNIT}.excluded[0].overrules[0]",
    ),
    "unranked without a why": (
        lambda it: it["units"][0].update(unranked={"reason": "x", "basis": "x"}),
        f"{UNIT}.unranked.why",
    ),
    "unranked by a block of none": (
        lambda it: it["units"][0].update(unranked={"why": "block", "reason": "x"}),
        f"{UNIT}.unranked.why",
    ),
    "unranked without a basis": (
        lambda it: it["units"][0].update(unranked={"why": "unit", "reason": "x"}),
        f"{UNIT}.unranked.basis",
    ),
    "leaf unknown": (lambda it: it["units"][0]["excluded"][0].update(leaf="9"), f"{UNIT}.excluded[0].leaf"),
    "tie-break unknown": (lambda it: it["policy"].update(tie_break=["9"]), "$.policy.tie_break[0]"),
    "policy in part": (lambda it: it["policy"].pop("ties"), "$.policy.ties"),
    "publish in part": (lambda it: it["policy"]["publish"].pop("as"), "$.policy.publish.as"),
    "hash of another length": (lambda it: it["rubric"].update(sha256="0"), "$.rubric.sha256"),
    "no hash of the marks": (lambda it: it["marks"].pop("sha256"), "$.marks.sha256"),
    "no library": (lambda it: it.pop("library"), "$.library"),
    "another version": (lambda it: it.update(schema="dti-core/result/2"), "$.schema"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_results(kind: str) -> None:
    """A result document that is broken or contradicts itself in one way is refused, with the place."""
    edit, where = BROKEN[kind]
    document = copy.deepcopy(EXAMPLE)
    edit(document)
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_result(document)

    assert where in [problem.where for problem in caught.value.problems]


def test_a_wrong_number_of_many_digits() -> None:
    """Of a score of a hundred digits the problem tells the length, for nobody reads the digits."""
    document = copy.deepcopy(EXAMPLE)
    put("score", f"1/{3**200}")(document)
    with pytest.raises(dti.InvalidDocument, match="317 bits") as caught:
        dti.load_result(document)

    assert str(3**200) not in str(caught.value)


def test_a_wrong_rank_among_others() -> None:
    """Of a column of ranks only the one that is none is refused, as below the first rank there is."""
    document = dti.to_document(national())
    document["scores"]["total"]["rank"][3] = 0
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_result(document)

    told = [(problem.where, problem.rule) for problem in caught.value.problems]
    assert told == [(f"{SCORES}.total.rank[3]", "minimum")]


def test_the_same_node_in_two_spellings() -> None:
    """Scores given twice for one code, its accents typed in two ways, are refused."""
    text = json.dumps(EXAMPLE).replace('"2":', '"\\u1ebf":').replace('"code": "2"', '"code": "\\u1ebf"')
    document = json.loads(text)
    document["scores"]["e\u0302\u0301"] = {"points": ["0"]}
    with pytest.raises(dti.InvalidDocument, match="twice"):
        dti.load_result(document)


def test_ranks_that_ties_forbid() -> None:
    """Two units published alike cannot rank 1 and 2; both are named."""
    leaf = {"code": "1", "title": "x", "max_points": 10}
    rubric = {"schema": "dti-core/rubric/1", "code": "r", "title": "R", "indices": [leaf]}
    units = [{"code": code, "marks": {"1": 5}} for code in "ab"]
    document = document_of(rubric, {"schema": "dti-core/marks/1", "rubric": "r", "units": units})
    document["scores"]["total"]["rank"][1] = 2
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_result(document)

    assert [problem.where for problem in caught.value.problems] == ["$.scores.total.rank[1]"]


def test_scores_of_parts_beside_a_bonus() -> None:
    """Only the total may differ from points / applicable × maximum by a bonus; the score of an index may not."""
    leaf = {"title": "x", "max_points": 10}
    indices = [{"code": "1", **leaf}, {"code": "b", **leaf, "role": "bonus"}]
    rubric = {"schema": "dti-core/rubric/1", "code": "r", "title": "R", "indices": indices}
    units = [{"code": "a", "marks": {"1": 5, "b": 2}}]
    document = document_of(rubric, {"schema": "dti-core/marks/1", "rubric": "r", "units": units})
    scores = document["scores"]
    scores["1"].update(score=["7"], published=["7.00"])
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_result(document)

    assert scores["total"]["score"] == ["7"]
    places = [problem.where for problem in caught.value.problems]
    assert places == [f"{SCORES}['1'].score[0]", f"{SCORES}['1'].published[0]"]


def adjusted() -> Document:
    """The result of one unit: a node whose gate is shut, one with a cap, one with a penalty of its own."""
    leaf = {"title": "x", "max_points": 10}
    indices = [
        {"code": "1", "title": "x", "zero_unless": [{"node": "1.1", "above": 0}],
         "components": [{"code": "1.1", **leaf}, {"code": "1.2", **leaf}]},
        {"code": "2", "title": "x", "max_points": 15, "cap": True,
         "components": [{"code": "2.1", **leaf}, {"code": "2.2", **leaf}]},
        {"code": "3", "title": "x", "components": [
            {"code": "3.1", "title": "x", "max_points": "10/3", "mark_min": 1, "mark_max": 5},
            {"code": "3.p", **leaf, "role": "penalty", "adjusts": "3"}]},
    ]  # fmt: skip
    rubric = {"schema": "dti-core/rubric/1", "code": "r", "title": "R", "indices": indices}
    why = {"reason": "Chưa hướng dẫn", "basis": "Điều 7"}
    unit = {
        "code": "a",
        "marks": {"1.1": 0, "1.2": 7, "2.1": 9, "2.2": 8, "3.1": 3, "3.p": 0.5},
        "exclusions": [{"members": ["2.2"], "treatment": "reduce", "to": 8, **why}],
    }
    return document_of(rubric, {"schema": "dti-core/marks/1", "rubric": "r", "units": [unit]})


def test_what_caps_gates_and_own_penalties_took() -> None:
    """A gate took 7, a cap 17 − 15, a penalty 0.5 of level 3 of 5 on 10/3 points: 2 − 0.5; the total is 16.5."""
    document = adjusted()
    unit, nodes = document["units"][0], {node["code"]: node for node in document["nodes"]}

    assert unit["adjusted"] == {"1": {"gate": "-7"}, "2": {"cap": "-2"}, "3": {"own": "-0.5"}}
    points = [document["scores"][code]["points"] for code in ("1", "2", "3", "total")]
    assert points == [["0"], ["15"], ["1.5"], ["16.5"]]
    assert unit["excluded"] == [{"leaf": "2.2", "treatment": "reduce", "to": "8", "rulings": [0]}]
    assert document["rulings"][0]["to"] == "8"
    assert nodes["1"]["zero_unless"] == [{"node": "1.1", "above": 0}]
    assert (nodes["2"]["cap"], nodes["3.p"]["adjusts"], nodes["3"]["children"]) == (True, "3", ["3.1", "3.p"])
    assert (nodes["3.1"]["maximum"], nodes["3.1"]["mark_min"], nodes["3.1"]["mark_max"]) == ("10/3", "1", "5")
    assert dti.to_document(dti.load_result(document)) == document


TREE: dict[str, tuple[Callable[[Document], object], str]] = {
    "gate": (lambda it: it["units"][0]["adjusted"]["1"].update(gate="-6"), f"{UNIT}.adjusted['1'].gate"),
    "cap untold": (lambda it: it["units"][0]["adjusted"].pop("2"), f"{UNIT}.adjusted['2'].cap"),
    "told of a leaf": (
        lambda it: it["units"][0]["adjusted"].update({"1.1": {"own": "1"}}), f"{UNIT}.adjusted['1.1'].own",
    ),
    "points of a leaf": (put("points", "6", "1.2"), f"{UNIT}.adjusted['1'].gate"),
    "penalty": (put("points", "1", "3.p"), f"{SCORES}['3'].points[0]"),
    "points of a node": (put("points", "14", "2"), f"{SCORES}['2'].points[0]"),
    "applicable of a node": (put("applicable", "14", "2"), f"{SCORES}['2'].applicable[0]"),
    "coverage of a node": (put("coverage", "1", "2"), f"{SCORES}['2'].coverage[0]"),
    "a gate that holds": (
        lambda it: it["nodes"][1]["zero_unless"][0].update(above=0, node="1.2"), f"{SCORES}['1'].points[0]",
    ),
    "a cap taken away": (lambda it: it["nodes"][4].pop("cap"), "$.nodes[4].maximum"),
    "child unknown": (lambda it: it["nodes"][1].update(children=["1.1", "9"]), "$.nodes[1].children[1]"),
    "a total in itself, and a ruling of another node": (
        lambda it: (it["nodes"][0]["children"].append("total"), it["rulings"][0].update(members=["3"])),
        "$.nodes[0].children[3]",
    ),
    "child before its parent": (lambda it: it["nodes"][4].update(children=["1.1"]), "$.nodes[4].children[0]"),
    "child twice": (lambda it: it["nodes"][1].update(children=["1.1", "1.1"]), "$.nodes[1].children[1]"),
    "adjusts what stands after it": (lambda it: it["nodes"][2].update(adjusts="3"), "$.nodes[2].adjusts"),
    "gate on what stands before it": (
        lambda it: it["nodes"][1]["zero_unless"][0].update(node="total"), "$.nodes[1].zero_unless[0].node",
    ),
    "adjusts nothing": (lambda it: it["nodes"][9].update(adjusts="9"), "$.nodes[9].adjusts"),
    "adjusts the total": (lambda it: it["nodes"][9].update(adjusts="total"), "$.nodes[9].adjusts"),
    "adjusts by a scored leaf": (lambda it: it["nodes"][8].update(adjusts="3"), "$.nodes[8].adjusts"),
    "adjusts a penalty": (
        lambda it: (it["nodes"][8].update(role="bonus"), it["nodes"][9].update(adjusts="3.1")), "$.nodes[9].adjusts",
    ),
    "a gate of a node of penalties": (
        lambda it: it["nodes"][7].update(role="penalty", zero_unless=[{"node": "3.p", "above": 0}]),
        "$.nodes[7].zero_unless",
    ),
    "gate on nothing": (
        lambda it: it["nodes"][1]["zero_unless"][0].update(node="9"), "$.nodes[1].zero_unless[0].node",
    ),
    "a leaf with a cap": (lambda it: it["nodes"][2].update(cap=True), "$.nodes[2].cap"),
    "cap as a number": (lambda it: it["nodes"][4].update(cap=1), "$.nodes[4].cap"),
    "scale as a number": (lambda it: it["nodes"][8].update(mark_max=5), "$.nodes[8].mark_max"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TREE)
def test_what_does_not_follow_from_the_tree(kind: str) -> None:
    """A number that does not follow from the nodes below it, and a tree that is none, are refused with the place."""
    edit, where = TREE[kind]
    document = adjusted()
    edit(document)
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_result(document)

    assert where in [problem.where for problem in caught.value.problems]


@given(st.data())
def test_shape_and_reader_refuse_the_same(data: st.DataObject) -> None:
    """What the schema refuses the reader refuses, with every place that the schema names among the units."""
    document = copy.deepcopy(EXAMPLE)
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(places(document)))
        holder: Any = document
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
    shape = {problem.where for problem in shape_problems("result", document)}
    found = check(document | {"schema": EXAMPLE["schema"]})

    assert not shape or found
    if not shape:
        assert {problem.rule for problem in found}.isdisjoint({"type", "required", "additionalProperties"})


ODD: list[Any] = [
    None,
    True,
    0,
    1,
    2.0,
    1.5,
    -1,
    "",
    "1",
    "1/3",
    "0.5",
    "x",
    "x" * 65,
    [],
    {},
    ["1"],
    [0],
    {"vi": "x"},
    {"a": 1},
]


def places(document: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a document but the root and what names its kind."""
    inner = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    deeper = [place for step, each in inner for place in places(each, (*path, step))]
    return [path, *deeper] if path and path != ("schema",) else deeper


def test_values_are_decimals_and_fractions() -> None:
    """What is read is a fraction where it is exact, and the decimal that was printed where it is published."""
    score = dti.load_result(EXAMPLE).total["a"]

    assert (score.score, score.published, str(score.published)) == (
        Fraction("44.40625"),
        Decimal("44.41"),
        "44.41",
    )


def test_numbers_of_any_size_in_a_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column holds numbers beyond 64 bits exactly, and however many distinct ones were read before."""
    numbers = ["99999999999999999999", None, "1/3"]
    monkeypatch.setattr(columns, "MOST_KEPT", 1)

    for _ in range(2):
        assert columns.exacts(numbers).fractions() == [Fraction(10**20 - 1), None, Fraction(1, 3)]
        assert columns.exacts(["0.5", "2"]).fractions() == [Fraction(1, 2), 2]


def test_a_grade_that_is_no_code() -> None:
    """The code of a grade is one line of text: another is refused where it stands, not read as it is."""
    with pytest.raises(dti.InvalidDocument) as caught:
        columns.grades(["a", "b\n"])

    assert [problem.where for problem in caught.value.problems] == ["$[1]"]
