"""One gate: whatever value comes in by whatever door, the right answer comes out or a DTIError, and nothing else."""

import copy
import inspect
import json
import pickle
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from string import Formatter
from types import ModuleType
from typing import Any, get_origin

import attrs
import numpy as np
import pytest
from gate_doors import DOORS
from gate_zoo import CELLS, COLUMNS, NFC, NFD, REFUSED, WRONG_KINDS, pd

import dti_core as dti
from dti_core import analysis, methods
from dti_core.answer import Answer
from dti_core.words import COLUMNS as PHRASES

RUBRIC = dti.Rubric("r", "Ví dụ", [dti.Index("1", "Một", 30)])
WHY: Any = {"reason": "lý do", "basis": "01/QĐ"}
SKIP = dti.Exclusion(members=["1"], treatment="skip", **WHY)
ASIDE = dti.Unranked(**WHY)


def made(**changes: Any) -> dti.MarkSheet:
    """A sheet of the units a and b, marked 1 and 2."""
    arguments: dict[str, Any] = {"marks": [[1], [2]], "rubric": RUBRIC, "units": ["a", "b"]}
    return dti.MarkSheet.from_array(**arguments | changes)


def outcome(call: Callable[..., Any], *values: Any, **named: Any) -> Any:
    """What comes out: a value, or refusal."""
    try:
        return call(*values, **named)
    except dti.DTIError:
        return REFUSED


def objects(*values: Any) -> Any:
    """An array of any objects, lists among them."""
    array = np.ma.empty(len(values), dtype=object)
    for at, value in enumerate(values):
        array[at] = value
    return array if np.ma.is_masked(array) else array.data


# Doors of marks: two rows of one leaf → the marks of both


def marks_of(sheet: dti.MarkSheet) -> list[Any]:
    """The marks of all units as exact numbers."""
    marks = [sheet.of(unit)["1"] for unit in sheet.units]
    return [None if mark is None else Fraction(repr(mark)) for mark in marks]


def wide(column: Any) -> Any:
    """Marks by a column of a wide table."""
    return marks_of(dti.MarkSheet.from_table({"unit": ["a", "b"], "1": column}, RUBRIC))


def long(column: Any) -> Any:
    """Marks by the column of a long table."""
    table = {"unit": ["a", "b"], "leaf": ["1", "1"], "mark": column}
    return marks_of(dti.MarkSheet.from_table(table, RUBRIC, leaf="leaf"))


MARK_DOORS: dict[str, Callable[[Any, Any], Any]] = {
    "lists": lambda one, two: marks_of(made(marks=[[one], [two]])),
    "rows of arrays": lambda one, two: marks_of(made(marks=[objects(one), objects(two)])),
    "array": lambda one, two: marks_of(made(marks=objects(one, two).reshape(2, 1))),
    "array, leaves named": lambda one, two: marks_of(
        made(marks=objects(one, two).reshape(2, 1), leaves=["1"])
    ),
    "wide": lambda one, two: wide([one, two]),
    "wide, of objects": lambda one, two: wide(objects(one, two)),
    "long": lambda one, two: long([one, two]),
    "changed": lambda one, two: marks_of(made().with_marks({"a": {"1": one}, "b": {"1": two}})),
    "rows": lambda one, two: marks_of(
        dti.MarkSheet.from_table([{"unit": "a", "1": one}, {"unit": "b", "1": two}], RUBRIC)
    ),
}


def mark_meant(meaning: Any) -> Any:
    """A mark is at least 0, at most 30, of two decimals."""
    if meaning is None or (
        isinstance(meaning, Fraction) and 0 <= meaning <= 30 and (100 * meaning).denominator == 1
    ):
        return meaning
    return REFUSED


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("door", MARK_DOORS)
def test_a_mark_is_taken_exactly_or_refused(door: str, cell: str) -> None:
    """A cell of any kind becomes the mark that it means, at every door of marks, or is refused."""
    value, meant, *_, taken = CELLS[cell]
    right = mark_meant(meant)

    got = outcome(lambda: MARK_DOORS[door](value, 2))

    expected = REFUSED if right == REFUSED else [right, Fraction(2)]
    assert got == expected or (got == REFUSED and not taken)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("door", [wide, long])
def test_a_column_is_taken_exactly_or_refused(door: Callable[[Any], Any], column: str) -> None:
    """A column of any library gives the very numbers that it holds, its nulls as missing, or is refused."""
    values, numbers, _ = COLUMNS[column]
    right = [mark_meant(meaning) for meaning in numbers]

    got = outcome(lambda: door(values))

    assert got == (REFUSED if REFUSED in right else right)


@pytest.mark.parametrize("dtype", ["float32", "float16", "longdouble"])
def test_short_and_long_floats_are_the_decimals_they_print(dtype: str) -> None:
    """A float of another width stands for the decimal it prints as, and only that is held to two decimals."""
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index("1", "Một", 20000)])
    hundredths = np.arange(0, 1_600_000, 37)
    values = np.array([f"{Decimal(int(each)) / 100}" for each in hundredths]).astype(dtype)
    printed = [Fraction(str(value)) for value in values]
    fit = np.array([(100 * number).denominator == 1 for number in printed])

    sheet = dti.MarkSheet.from_array(
        values[fit][:, None], rubric, units=[f"u{at}" for at in range(fit.sum())]
    )
    beyond = outcome(lambda: dti.MarkSheet.from_array(values[~fit][:1, None], rubric, units=["a"]))

    assert sheet.ticks[:, 0].astype(int).tolist() == [
        int(100 * number) for number, fits in zip(printed, fit, strict=True) if fits
    ]
    assert fit.all() or beyond == REFUSED


@pytest.mark.parametrize(
    ("mark", "rounding", "right"),
    [
        (Decimal("1.00499999999999999999"), "half_up", "1.00"),
        (Decimal("1.00500000000000000001"), "half_even", "1.01"),
        (Decimal("1.005"), "half_even", "1.00"),
        (Fraction(1, 3), "half_up", "0.33"),
        (Fraction(2, 3), "down", "0.66"),
        (0, "half_up", "0"),
        (2.665, "half_even", "2.66"),
        (2.674, "half_even", "2.67"),
        (2.676, "half_even", "2.68"),
        (2.675, "half_even", "2.68"),
        (30.004, "half_up", REFUSED),
        (30.009, "down", REFUSED),
        (Decimal("30.0000000000000000000001"), "half_up", REFUSED),
        (-0.001, "half_up", REFUSED),
    ],
)
def test_rounding_is_done_once_on_the_number_given(mark: Any, rounding: Any, right: str) -> None:
    """A mark is rounded from what was given, beside one that is rounded too; above the maximum it is refused."""
    got = outcome(lambda: marks_of(made(marks=[[mark], [2.675]], rounding=rounding))[0])

    assert got == (right if right == REFUSED else Fraction(right))


# Doors of scalars, names and codes


def first_attribute(sheet: dti.MarkSheet) -> list[Any]:
    """What the units have as ``g``; numbers as fractions."""
    values = [sheet.attributes["g"].of(row) for row in range(len(sheet.units))]
    return [Fraction(value) if isinstance(value, Decimal) else value for value in values]


SCALAR_DOORS: dict[str, Callable[[Any], Any]] = {
    "from_array": lambda column: first_attribute(made(attributes={"g": column})),
    "from_table": lambda column: first_attribute(
        dti.MarkSheet.from_table({"unit": ["a", "b"], "1": [1, 2], "g": column}, RUBRIC, attributes=["g"])
    ),
    "evolve": lambda column: first_attribute(attrs.evolve(made(), attributes={"g": column})),
}


def scalar_meant(meaning: Any) -> Any:
    """An attribute is text, a truth, or a number that JSON keeps: below 10^15 and the decimal of a double."""
    if isinstance(meaning, Fraction) and (abs(meaning) > 10**15 or Fraction(repr(float(meaning))) != meaning):
        return REFUSED
    return meaning


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("door", SCALAR_DOORS)
def test_an_attribute_is_taken_exactly_or_refused(door: str, cell: str) -> None:
    """A value of any kind becomes the attribute that it means, true apart from 1, or is refused."""
    value, _, meant, _, taken = CELLS[cell]
    right = scalar_meant(meant)

    got = outcome(lambda: SCALAR_DOORS[door]([value, "z"]))

    expected = REFUSED if right == REFUSED else [right, "z"]
    assert (got == expected and type(got[0]) is type(expected[0])) or (got == REFUSED and not taken)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("door", SCALAR_DOORS)
def test_a_column_of_attributes_is_taken_exactly_or_refused(door: str, column: str) -> None:
    """A column of numbers gives the very values that it holds, its nulls as missing; what is no column is refused."""
    values, numbers, scalars = COLUMNS[column]
    right = [scalar_meant(meaning) for meaning in scalars or numbers]

    got = outcome(lambda: SCALAR_DOORS[door](values))

    assert got == (REFUSED if REFUSED in right else right)
    assert got == REFUSED or [*map(type, got)] == [*map(type, right)]


@pytest.mark.parametrize("cell", CELLS)
def test_a_label_to_rank_by_is_told_apart_or_refused(cell: str) -> None:
    """Two values rank within the label that they share; a label of any kind is told apart from others, or refused."""
    value, _, meant, _, taken = CELLS[cell]

    alone = outcome(lambda: dti.rank([1, 2, 3], by=[value, "other", value]).tolist())
    pair = outcome(lambda: dti.rank([1, 2, 3], by=[("x", value), ("x", "other"), ("x", value)]).tolist())

    right = [0, 1, 0] if meant is None else [2, 1, 1]
    assert alone in (right, REFUSED)
    assert pair in (right, REFUSED)
    assert alone == right or not taken


NAME_DOORS: dict[str, Callable[[Any], Any]] = {
    "from_array": lambda column: made(names=column).names,
    "from_table": lambda column: (
        dti.MarkSheet.from_table({"unit": ["a", "b"], "1": [1, 2], "n": column}, RUBRIC, name="n").names
    ),
    "evolve": lambda column: attrs.evolve(made(), names=column).names,
}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("door", NAME_DOORS)
def test_a_name_is_text_or_refused(door: str, cell: str) -> None:
    """A name of any kind becomes the label that it means, or is refused; numbers and truths are no names."""
    value, meant_number, meant, _, _ = CELLS[cell]

    got = outcome(lambda: NAME_DOORS[door]([value, "Z"]))

    right = (
        None
        if meant_number is None
        else dti.Label(meant)
        if isinstance(meant, str) and meant != REFUSED
        else REFUSED
    )
    assert got == REFUSED or (right != REFUSED and got == (right, dti.Label("Z")))
    assert got != REFUSED or meant_number is not None or meant is REFUSED


CODE_DOORS: dict[str, Callable[[Any], Any]] = {
    "from_array": lambda code: made(units=[code, "z"]).units[0],
    "from_table": lambda code: dti.MarkSheet.from_table({"unit": [code, "z"], "1": [1, 2]}, RUBRIC).units[0],
    "long table": lambda code: dti.MarkSheet.from_table(
        {"unit": [code, "z"], "leaf": ["1", "1"], "mark": [1, 2]}, RUBRIC, leaf="leaf"
    ).units[0],
    "evolve": lambda code: attrs.evolve(made(), units=[code, "z"]).units[0],
}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("door", CODE_DOORS)
def test_a_code_is_text_in_one_form_or_refused(door: str, cell: str) -> None:
    """A code of any kind becomes the NFC text that it means, or is refused."""
    value, *_, right, taken = CELLS[cell]

    got = outcome(lambda: CODE_DOORS[door](value))

    assert got == right or (got == REFUSED and not taken)
    assert got == REFUSED or type(got) is str


@pytest.mark.parametrize("door", CODE_DOORS)
def test_no_text_is_no_code(door: str) -> None:
    """An empty code is refused, beside others and all alone."""
    alone: dict[str, Callable[[], Any]] = {
        "from_array": lambda: made(units=[""], marks=[[1]]),
        "from_table": lambda: dti.MarkSheet.from_table({"unit": [""], "1": [1]}, RUBRIC),
        "long table": lambda: dti.MarkSheet.from_table(
            {"unit": [""], "leaf": ["1"], "mark": [1]}, RUBRIC, leaf="leaf"
        ),
        "evolve": lambda: attrs.evolve(made(units=["a"], marks=[[1]]), units=[""]),
    }

    assert outcome(CODE_DOORS[door], "") == REFUSED
    assert outcome(alone[door]) == REFUSED
    assert outcome(lambda: made(units=["a", "", "b"], marks=[[1], [2], [3]])) == REFUSED


LOOK_UPS: dict[str, Callable[[Any], Any]] = {
    "of": lambda code: made(units=[NFC, "z"]).of(code) == {"1": 1},
    "row": lambda code: made(units=[NFC, "z"]).row(code) == 0,
    "exclusions": lambda code: (
        len(dti.evaluate(RUBRIC, made(units=[NFC, "z"])).exclusions(code)["unit"]) == 0
    ),
    "explain": lambda code: "30" in str(dti.evaluate(RUBRIC, made(units=[NFC, "z"])).explain(code)),
    "unranked": lambda code: made(units=[NFC, "z"], unranked={code: ASIDE}).ranked.tolist() == [False, True],
    "unit_exclusions": lambda code: (
        [*made(units=[NFC, "z"], unit_exclusions={code: [SKIP]}).unit_exclusions] == [NFC]
    ),
    "unit_custom": lambda code: (
        made(units=[NFC, "z"], unit_custom={code: {"x": 1}}).unit_custom[NFC] == {"x": 1}
    ),
    "decision": lambda code: (
        made(units=[NFC, "z"], exclusions=[attrs.evolve(SKIP, units=[code])]).exclusions[0].units == (NFC,)
    ),
    "with_marks": lambda code: made(units=[NFC, "z"]).with_marks({code: {"1": 3}}).of(NFC) == {"1": 3},
    "with_exclusions": lambda code: (
        [*made(units=[NFC, "z"]).with_exclusions({code: [SKIP]}).unit_exclusions] == [NFC]
    ),
    "without": lambda code: made(units=[NFC, "z"]).without([code]).units == ("z",),
    "roster": lambda code: (
        dti.MarkSheet.from_table({"unit": [NFC], "1": [1]}, RUBRIC, roster=[code]).units == (NFC,)
    ),
}


@pytest.mark.parametrize("look_up", LOOK_UPS)
def test_look_ups_find_either_form_and_nothing_else(look_up: str) -> None:
    """A unit is found by its code in either normal form; what is no code of the sheet is refused."""
    assert LOOK_UPS[look_up](NFC)
    assert LOOK_UPS[look_up](NFD)
    for cell in CELLS.values():
        hashable = getattr(type(cell.value), "__hash__", None) is not None and not isinstance(
            cell.value, tuple
        )
        if (
            cell.code != NFC
            and cell.value is not None
            and (hashable or look_up in ("of", "row", "roster", "without"))
        ):
            assert outcome(LOOK_UPS[look_up], cell.value) == REFUSED


# Labels


def test_what_has_labels_is_not_read_by_position() -> None:
    """Rows and columns with labels of their own are refused where only places would count, with the way out."""
    frame = pytest.importorskip("pandas").DataFrame([[1], [2]], columns=["1"], index=["b", "a"])
    series = pd.Series(["x", "y"], index=["b", "a"])
    for call in (
        lambda: made(marks=frame),
        lambda: made(marks=pd.DataFrame([[1], [2]])),
        lambda: made(units=series),
        lambda: made(units=pd.Series(["a", "x", "b", "y"])[::2]),
        lambda: made(units=pd.Series(["x", "a", "b"])[1:]),
        lambda: made(names=series),
        lambda: made(attributes={"g": series}),
        lambda: dti.MarkSheet.from_table({"unit": ["a", "b"], "1": frame["1"]}, RUBRIC),
        lambda: dti.rank(frame["1"], by=["x", "x"]),
        lambda: dti.rank([1, 2], by=series),
    ):
        with pytest.raises(dti.InvalidArgument, match=r"labels|from_table"):
            call()


def test_labels_that_agree_are_matched() -> None:
    """Columns of one frame go together however its rows are labelled, and those without labels by position."""
    frame = pytest.importorskip("pandas").DataFrame(
        {"unit": ["a", "b"], "1": [1, 2], "g": ["x", "x"]}, index=[7, 3]
    )

    assert marks_of(dti.MarkSheet.from_table(frame, RUBRIC)) == [1, 2]
    assert marks_of(dti.MarkSheet.from_table({name: frame[name] for name in frame}, RUBRIC)) == [1, 2]
    assert dti.rank(frame["1"], by=frame["g"]).tolist() == [2, 1]
    assert made(names=pd.Series(["A", "B"])).names == (dti.Label("A"), dti.Label("B"))


# Ranks


def test_whole_numbers_that_share_a_double_rank_apart() -> None:
    """2^53 + 1 is more than 2^53, though the doubles nearest to both are one."""
    assert dti.rank(np.array([2**53, 2**53 + 1])).tolist() == [2, 1]


def test_rows_and_columns_are_no_column() -> None:
    """Numbers in rows and columns are refused where one column is wanted, be it of ranks or of a table."""
    square = np.ones((2, 2))

    assert outcome(lambda: dti.rank(square)) == REFUSED
    assert outcome(lambda: dti.rank([1, 2], by=square.astype(int))) == REFUSED
    assert outcome(lambda: made(attributes={"g": square.astype(int)})) == REFUSED
    assert outcome(lambda: dti.MarkSheet.from_table({"unit": ["a", "b"], "1": square}, RUBRIC)) == REFUSED


@pytest.mark.parametrize("cell", CELLS)
def test_a_value_ranks_exactly_or_is_refused(cell: str) -> None:
    """Values of any kind rank by the numbers that they are, equal only where those are; missing ones have rank 0."""
    value, meant, _, _, taken = CELLS[cell]
    if "infinity" in cell:
        meant = Fraction(10**500)

    got = outcome(lambda: dti.rank([value, 2, value]).tolist())

    right: Any = REFUSED
    if meant is None:
        right = [0, 1, 0]
    elif isinstance(meant, Fraction):
        right = [1, 3, 1] if meant > 2 else [2, 1, 2]
    assert got == right or (got == REFUSED and not taken)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_ranks_exactly_or_is_refused(column: str) -> None:
    """A column of any library ranks by the very numbers that it holds."""
    values, numbers, _ = COLUMNS[column]
    one, two = (Fraction("30.000000000000000001"), 1) if "longer" in column else numbers

    got = outcome(lambda: dti.rank(values).tolist())

    if REFUSED in (one, two):
        assert got == REFUSED
    else:
        places = [one is not None and 1 + ((two or 0) > one), two is not None and 1 + ((one or 0) > two)]
        assert got == [*map(int, places)]


def test_numbers_beyond_doubles_rank_apart() -> None:
    """Whole numbers, decimals and fractions rank by what they are, not by the nearest double."""
    assert dti.rank([2**70, 2**70 + 1]).tolist() == [2, 1]
    assert dti.rank([2**53, 2**53 + 1, None]).tolist() == [2, 1, 0]
    assert dti.rank(np.array([2**62, 2**62 + 1])).tolist() == [2, 1]
    assert dti.rank([Fraction(1, 3), Decimal("0.3333333333333333333333"), 0.25]).tolist() == [1, 2, 3]
    assert dti.rank([0.1, Decimal("0.1"), Fraction(1, 10)]).tolist() == [1, 1, 1]


# Options


@pytest.mark.parametrize(
    "word", ["ROUND_HALF_UP", "half up", "half-up", "HALF_UP", "nearest", "up", "", 0, True, ["down"], {}]
)
def test_an_option_is_one_of_its_words(word: Any) -> None:
    """An option that is none of its words is refused, and the words are named."""
    result = dti.evaluate(RUBRIC, made())
    with pytest.raises(dti.InvalidArgument, match="'half_up', 'half_even', 'down'"):
        made(rounding=word)
    with pytest.raises(dti.InvalidArgument, match="'half_up', 'half_even', 'down'"):
        dti.MarkSheet.from_table({"unit": ["a"], "1": [2.675]}, RUBRIC, rounding=word)
    with pytest.raises(dti.InvalidDocument, match="self, appraised"):
        made(stage=word)
    with pytest.raises(dti.InvalidArgument, match="'competition', 'dense'"):
        dti.rank([1, 2], ties=word)
    with pytest.raises(dti.InvalidArgument, match="'competition', 'dense'"):
        dti.Tally.of(result.total).ranks(result.total, ties=word)


# Wrong kinds, at every parameter of every public door


PROBED = [(name, each) for name, door in DOORS.items() for each in door.arguments if each != "others"]


@pytest.mark.parametrize(("door", "parameter"), PROBED)
def test_a_wrong_kind_is_refused_or_kept_whole(door: str, parameter: str) -> None:
    """Whatever stands for an argument ends in a DTIError that speaks two languages, or in what can be read back."""
    call, arguments = DOORS[door]
    given = {name: value for name, value in arguments.items() if value is not ...}
    assert outcome(call, **given) is not REFUSED

    told: list[tuple[str, str]] = []
    for value in WRONG_KINDS.values():
        if isinstance(value, str) and (parameter == "source" or (door, parameter) == ("verify", "result")):
            continue  # a path without such a file raises FileNotFoundError, as open does
        try:
            made_of_it = call(**{**given, parameter: value})
        except dti.DTIError as error:
            told.append((error.text("vi"), error.text("en")))
            continue
        if isinstance(made_of_it, dti.Rubric):
            assert dti.load_rubric(json.loads(json.dumps(dti.to_document(made_of_it)))) == made_of_it
        if isinstance(made_of_it, dti.MarkSheet):
            document = json.loads(json.dumps(dti.to_document(made_of_it)))
            assert dti.load_marks(document, made_of_it.rubric) == made_of_it
            assert len(dti.evaluate(made_of_it.rubric, made_of_it).columns()["unit"]) == len(made_of_it.units)
    assert all(vi != en for vi, en in told)


ANSWERS = [
    name
    for name in analysis.__all__
    if isinstance(thing := getattr(analysis, name), type)
    and issubclass(thing, Answer)
    and f"analysis {name}" not in DOORS
]
"""What questions give back, which nobody makes by hand."""

EXEMPT = {
    *["DTIError", "InvalidArgument", "InvalidDocument", "Problem", "UnknownCode"],
    *[
        "DTIError.text",
        "InvalidArgument.text",
        "InvalidDocument.text",
        "UnknownCode.text",
        "Problem.text",
        "Problem.under",
    ],
    *[
        "Annex",
        "Explanation",
        "PublishedResult",
        "Ranking",
        "Result",
        "RubricChange",
        "RubricDifference",
        "Scores",
        "Trace",
    ],
    *["NodeCondition.holds", "analysis MarkDraws"],
    *[f"analysis {name}" for name in ANSWERS],
    *["methods Given", "methods Method", "methods Quantity", "methods Told", "methods register"],
}
"""What the library makes itself, or asks of many values at once, and what serves those who write methods."""


def public_doors(module: ModuleType, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Functions and classes that a module offers, and the methods of those classes that take something."""
    for name in module.__all__:
        thing = getattr(module, name)
        if isinstance(thing, ModuleType) or get_origin(thing) or not callable(thing):
            continue
        if isinstance(thing, type) or inspect.signature(thing).parameters:
            yield prefix + name, thing
        for method, function in inspect.getmembers(thing, callable) if isinstance(thing, type) else ():
            ours = str(getattr(function, "__module__", "")).startswith("dti_core")
            if not ours or method.startswith("_") or not inspect.isroutine(function):
                continue
            if inspect.signature(function).parameters.keys() - {"self"}:
                yield f"{prefix}{name}.{method}", function


def test_every_public_door_is_in_a_table() -> None:
    """A new public callable, or a new argument of one, comes with its entry in the zoo, or says why it has none.

    Those of assessments have theirs in test_assessment_gate.py, what pictures take is in test_plots.py.
    """
    here = (
        dict(public_doors(dti))
        | dict(public_doors(analysis, "analysis "))
        | {name: door for name, door in public_doors(methods, "methods ") if "." not in name}
    )
    for name, door in here.items():
        if name.endswith(".plot"):
            continue
        assert (name in DOORS) != (name in EXEMPT), f"{name} belongs either into DOORS or into EXEMPT"
        if name in DOORS:
            parameters = inspect.signature(door).parameters.keys() - {"self"}
            assert parameters == DOORS[name].arguments.keys(), name
    assert DOORS.keys() <= here.keys()


# What is handed out


def held_by(sheet: dti.MarkSheet) -> tuple[list[Any], list[Any]]:
    """The arrays and the mappings that a sheet hands out."""
    arrays = [sheet.ticks, sheet.ranked, *(factor.codes for factor in sheet.attributes.values())]
    custom: Any = sheet.custom
    mappings = [
        sheet.attributes,
        sheet.unit_exclusions,
        sheet.unranked,
        sheet.unit_custom,
        sheet.unit_custom["a"],
    ]
    return arrays, [*mappings, custom, custom["x"][0]]


def full_sheet() -> dti.MarkSheet:
    """A sheet with something in every field."""
    return made(
        names=["A", None],
        attributes={"g": [1, None]},
        exclusions=[attrs.evolve(SKIP, units=["a"])],
        unit_exclusions={"b": [SKIP]},
        unranked={"a": ASIDE},
        unit_custom={"a": {"x": 1}},
        period="2024",
        stage="self",
        custom={"x": [{"y": 1}]},
    )


def pickled(sheet: dti.MarkSheet) -> Any:
    """The sheet as another process sees it."""
    return pickle.loads(pickle.dumps(sheet))  # noqa: S301 - our own bytes


@pytest.mark.parametrize("travel", [copy.copy, copy.deepcopy, pickled])
def test_nothing_that_is_handed_out_can_be_written_to(travel: Callable[[Any], Any]) -> None:
    """Arrays and mappings of a sheet refuse to change, in this process and in the next, and a sheet stays equal."""
    sheet = travel(full_sheet())
    arrays, mappings = held_by(sheet)

    for array in arrays:
        with pytest.raises(ValueError, match=r"read-only|WRITEABLE"):
            array[0] = 0
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True
    for mapping in mappings:
        for write in (
            "update",
            "clear",
            "popitem",
            "__setitem__",
            "__delitem__",
            "__ior__",
            "setdefault",
            "pop",
        ):
            with pytest.raises(TypeError, match="written"):
                getattr(mapping, write)("a", 1)
    with pytest.raises(TypeError, match="written"):
        sheet.custom["x"].append(1)
    assert sheet == full_sheet()


def test_a_copy_of_free_data_is_ordinary() -> None:
    """Free data can be copied into a document and changed there, and the sheet keeps its own."""
    sheet = full_sheet()
    document = dti.to_document(sheet)

    document["custom"]["x"].append(2)
    document["units"][0]["custom"]["x"] = 2

    assert sheet == full_sheet()


def test_equal_sheets_do_not_hash() -> None:
    """Sheets are equal where they hold the same, so they do not hash; nor can they be sorted into sets by identity."""
    assert made() == made()
    with pytest.raises(TypeError, match="unhashable"):
        hash(made())


def test_a_sheet_takes_only_marks_that_were_checked() -> None:
    """Points given for ticks, in the constructor or by evolve, are refused; so are ticks of another rubric or shape."""
    finer = attrs.evolve(RUBRIC, mark_decimals=3)
    other = dti.Rubric("r", "Ví dụ", [dti.Index("2", "Hai", 30)])
    bare: list[Any] = [np.array([[15.5], [20]]), [[1], [2]], made().ticks, made().ticks * 2, None]
    for ticks in bare:
        with pytest.raises(dti.InvalidArgument, match="from_array"):
            attrs.evolve(made(), ticks=ticks)
        with pytest.raises(dti.InvalidArgument, match="from_array"):
            dti.MarkSheet(rubric=RUBRIC, units=["a", "b"], ticks=ticks)
    for rubric in (finer, other, attrs.evolve(RUBRIC, indices=[dti.Index("1", "Một", 20)])):
        with pytest.raises(dti.InvalidArgument, match="from_array"):
            attrs.evolve(made(), rubric=rubric)
    with pytest.raises(dti.InvalidDocument, match="are 1, but the marks have shape"):
        attrs.evolve(made(), units=["a"])
    assert attrs.evolve(made(), rubric=attrs.evolve(RUBRIC, title="Khác")).of("b") == {"1": 2}
    assert attrs.evolve(made(), period="2024").period == "2024"


def test_no_rows_are_not_the_marks_of_a_unit() -> None:
    """An array without rows is refused for a unit, and taken for none."""
    nothing: list[Any] = [np.empty((0, 1)), np.empty((0, 64)), [], np.empty(0)]
    for marks in nothing:
        assert outcome(made, marks=marks, units=["a"]) == REFUSED
        assert made(marks=marks, units=[]).units == ()
    assert outcome(lambda: made(marks=[[1, 2], [3]])) == REFUSED


def test_truths_and_ones_are_tallied_apart() -> None:
    """Units grouped by true and units grouped by 1 are two groups of a tally too."""
    sheet = made(marks=[[1], [2], [3]], units=["a", "b", "c"], attributes={"g": [True, 1, True]})
    total = dti.evaluate(RUBRIC, sheet).total

    assert dti.Tally.of(total, by="g").ranks(total).tolist() == total.ranks(by="g").tolist() == [2, 1, 1]


# Growth


class Untouched:
    """A column that may not be read."""

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError


def test_names_that_units_do_not_share_are_refused_before_they_are_read() -> None:
    """20 attributes of their own on each of 500 units are refused at the 201st name, with its place, unread."""
    columns = {f"u{unit}-{at}": Untouched() for unit in range(500) for at in range(20)}

    with pytest.raises(dti.InvalidDocument) as caught:
        made(attributes=columns)

    assert str(caught.value.problems[0]) == (
        "$.attributes['u10-0']: is attribute number 201; a sheet has at most 200: let units share names"
    )


# Words


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_sentence_tells_the_same_in_both_languages(phrase: str) -> None:
    """Every sentence of the gate holds the same values in Vietnamese and in English."""
    label = PHRASES[phrase]
    fields = [
        {name for _, name, _, _ in Formatter().parse(str(text)) if name} for text in (label.vi, label.en)
    ]

    assert fields[0] == fields[1]
    assert label.vi != label.en


def test_a_refusal_is_told_in_either_language() -> None:
    """The problem of a mark is told in Vietnamese too, numbers as they are written there, in points and never ticks."""
    with pytest.raises(dti.InvalidDocument) as caught:
        made(marks=[[30.5], [10**400]])

    assert [problem.text("vi") for problem in caught.value.problems] == [
        "$[0]['1'] (đơn vị 'a'): là 30,5; chỉ số '1' tối đa 30 điểm",
        "$[1]['1'] (đơn vị 'b'): là 1.00e+400; chỉ số '1' tối đa 30 điểm",
    ]
    assert str(caught.value.problems[0]) == "$[0]['1'] (unit 'a'): is 30.5; leaf '1' is worth at most 30"


def test_bounds_belong_to_what_is_taken() -> None:
    """A number of 5,001 digits is taken and a longer one refused; so is the name of an attribute of 64 characters."""
    assert dti.rank([1, Decimal("1E+5000")]).tolist() == [2, 1]
    with pytest.raises(dti.InvalidArgument, match=r"^\$\[1\]"):
        dti.rank([1, Decimal("1E+5001")])
    rubric = dti.Rubric("made-up", "Giả định", [dti.Index("1", "x", 10)])
    named = {length: {"n" * length: [1]} for length in (64, 65)}
    assert dti.MarkSheet.from_array([[1]], rubric, units=["a"], attributes=named[64]).units == ("a",)
    with pytest.raises(dti.InvalidDocument):
        dti.MarkSheet.from_array([[1]], rubric, units=["a"], attributes=named[65])


def test_the_first_of_several_wrong_values_is_told() -> None:
    """An error about many values names the first of them."""
    with pytest.raises(dti.InvalidArgument, match=r"^\$\[0\]: 'x'"):
        dti.rank(["x", 1, "y"])


def test_a_language_is_asked_for_where_there_is_nothing_to_say() -> None:
    """A language that there is not is refused, though every unit has a rank."""
    rubric = dti.Rubric("made-up", "Giả định", [dti.Index("1", "x", 10)])
    total = dti.evaluate(rubric, dti.MarkSheet.from_array([[1]], rubric, units=["a"])).total
    wrong: Any = "fr"
    assert total.unranked() == {}
    with pytest.raises(dti.InvalidArgument, match="'vi', 'en'"):
        total.unranked(language=wrong)
