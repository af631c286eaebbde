"""Several rounds line by line: each held to plain loops over what was printed."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_analysis import scored

import dti_core as dti
from dti_core import analysis
from dti_core.analysis import Standing

UNITS = "abcd"
years = st.dictionaries(st.sampled_from(UNITS), st.integers(1, 9), min_size=1)


@settings(max_examples=settings().max_examples // 4)
@given(st.lists(years, min_size=1, max_size=5))
def test_history_against_loops(rounds: list[dict[str, int]]) -> None:
    """Ranks, places, best, times first, longest run and growth are those of going through the years by hand."""
    given_ = {
        str(2020 + at): Standing([*values], values=[*values.values()], scale=10)
        for at, values in enumerate(rounds)
    }
    past = analysis.history(given_)

    rank_of = [
        {unit: 1 + sum(other > value for other in values.values()) for unit, value in values.items()}
        for values in rounds
    ]
    assert {*past.units} == {unit for values in rounds for unit in values}
    for unit, line in zip(past.units, past.ranks.tolist(), strict=True):
        ranks = [ranks.get(unit, 0) for ranks in rank_of]
        assert line == ranks
        there = [at for at, values in enumerate(rounds) if unit in values]
        summary = {name: column[past.units.index(unit)] for name, column in past.summary().items()}
        assert summary["best"] == min(filter(None, ranks))
        assert summary["best.period"] == str(2020 + ranks.index(summary["best"]))
        assert summary["firsts"] == ranks.count(1)
        assert summary["longest_run"] == max(
            map(len, "".join("1" if rank == 1 else " " for rank in ranks).split()), default=0
        )
        first, last = there[0], there[-1]
        if first == last:
            assert np.isnan(summary["growth"])
        else:
            ratio = rounds[last][unit] / rounds[first][unit]
            assert (1 + summary["growth"] / 100) ** (last - first) == pytest.approx(ratio)
    for at, moved in enumerate(past.movements, 1):
        for unit, places in zip(past.units, past.places[:, at].tolist(), strict=True):
            assert unit not in moved or str(places) == str(moved[unit]["places"])
            assert unit in moved or np.isnan(places)


def test_lines_go_on_under_other_codes() -> None:
    """A renamed unit keeps its line, also where it takes in another or is away; a merged new one starts."""
    past = analysis.history(
        {
            "2021": Standing(["a", "b", "c", "d"], [1, 2, 3, 4]),
            "2022": Standing(["hue", "b", "d"], [1, 2, 3]),
            "2023": Standing(["hue", "bd", "c"], [2, 1, 3]),
        },
        renamed={"2022": {"hue": "a"}},
        merged={"2022": {"b": ["b", "c"]}, "2023": {"bd": ["b", "d"]}},
    )

    assert past.units == ("hue", "bd", "c", "b", "d")
    assert past.ranks.tolist() == [[1, 1, 2], [0, 0, 1], [3, 0, 3], [2, 2, 0], [4, 3, 0]]
    assert past["hue"]["status"].tolist() == [None, "same", "down"]
    assert past["b"]["status"].tolist() == [None, "merged"]


def test_a_code_given_up_is_not_taken_for_the_unit_that_had_it() -> None:
    """Where a is called b and b is called a, and where another takes a code given up, each has a line of its own."""
    pair = Standing(["a", "b"], [1, 2])
    swapped = analysis.history({"2021": pair, "2022": pair}, renamed={"2022": {"a": "b", "b": "a"}})
    taken = analysis.history(
        {"2021": Standing(["a"], [1]), "2022": Standing(["b"], [1]), "2023": pair},
        renamed={"2022": {"b": "a"}},
    )

    assert (swapped.units, swapped.ranks.tolist()) == (("a", "b"), [[2, 1], [1, 2]])
    assert (taken.units, taken.ranks.tolist()) == (("a", "b"), [[0, 0, 1], [1, 1, 2]])


def test_growth_only_on_the_same_scale() -> None:
    """From 0.4 to 0.5 of 1 in two years is 11.8 % a year; from points of 1000 to a share nothing is said."""
    rounds = {
        "2021": Standing(["a"], values=[0.4], scale=1),
        "2022": Standing(["a"], values=[450], scale=1000),
        "2023": Standing(["a"], values=[0.5], scale=1),
    }

    assert analysis.history(rounds).growth.tolist() == pytest.approx([100 * (1.25**0.5 - 1)])
    assert np.isnan(analysis.history({year: rounds[year] for year in ("2021", "2022")}).growth).all()
    quarters: Any = {"Q1": rounds["2021"], "Q2": rounds["2023"]}
    assert analysis.history(quarters).growth.tolist() == pytest.approx([25])


def test_history_of_results_speaks_both_languages() -> None:
    """Results, published ones and editions stand beside one another, values with their decimals, blocks apart."""
    blocks = {"x": ["a", "b"], "y": ["c"]}
    first, second = (
        scored(dict(zip("abc", marks, strict=True)), blocks=blocks) for marks in ([9, 8, 7], [6, 8.5, 7])
    )
    past = analysis.history({"2023": dti.load_result(dti.to_document(first)), "2024": second})

    assert past.text("en").splitlines() == [
        "X",
        "Unit      2023      2024  Best rank  Times first  Longest run first  Growth a year (%)",
        "────  ────────  ────────  ─────────  ───────────  ─────────────────  ─────────────────",
        "b     8.00 (2)  8.50 (1)          1            1                  1                6.3",
        "a     9.00 (1)  6.00 (2)          1            1                  1              −33.3",
        "",
        "Y",
        "Unit      2023      2024  Best rank  Times first  Longest run first  Growth a year (%)",
        "────  ────────  ────────  ─────────  ───────────  ─────────────────  ─────────────────",
        "c     7.00 (1)  7.00 (1)          1            2                  2                0.0",
    ]
    assert "Số kỳ dẫn đầu liên tiếp" in past.text()
    other = scored({"a": 9, "b": 8, "c": 7}, blocks=blocks, maximum=50)
    changed = analysis.history({"2022": other, "2023": first, "2024": second}).text("en").splitlines()
    assert changed[0].startswith("2023: The rubric r is not the same in both rounds")
    assert changed[2] == "X"
    edition = analysis.publish_together({"e": second})
    assert analysis.history({"2023": edition, "2024": edition}).longest_run.tolist() == [0, 2, 2]
