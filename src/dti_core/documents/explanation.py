"""Explanation documents ⇄ :class:`~dti_core.Explanation`: every step under its kind, exact numbers as text."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import islice
from typing import Any, Literal, get_args, get_origin

import attrs

from dti_core.documents import rubric as rubrics
from dti_core.documents import values
from dti_core.documents.columns import exact, exact_text
from dti_core.documents.convert import DocumentForm, Reader, Shape, Writer
from dti_core.documents.problems import all_at_once, refuse
from dti_core.documents.replay import contradictions
from dti_core.documents.text import MOST_FOUND
from dti_core.errors import InvalidDocument, Problem, shorten
from dti_core.exact import EXACT, MAX_TICKS, Exact
from dti_core.explain import Explanation, steps
from dti_core.explain.parts import Because, Code, TieBreak
from dti_core.rubric.policy import Publish
from dti_core.terms import Scalar, Test, wrong_code, wrong_text
from dti_core.words import near

WORDS: tuple[Any, ...] = (Literal,)
"""How a type says that it is one of some words."""


def read(document: Mapping[str, Any], what: str) -> Explanation:
    """The explanation that a sound JSON object describes; refused where its steps contradict one another."""
    explanation, problems = FORM.read(document, what)
    with all_at_once(what, problems):
        problems += islice(contradictions(explanation), MOST_FOUND)
        return explanation


def write(explanation: Explanation) -> dict[str, Any]:
    """The document of an explanation."""
    return FORM.write(explanation)


def _text(wrong: Test) -> Reader:
    """Reads text in which a test finds nothing wrong."""

    def read_text(value: Any, _: Any) -> str:
        composed = values.text(value)
        message = wrong(composed)
        if message:
            raise InvalidDocument("value", [Problem((), message)])
        return composed

    return read_text


def _count(value: Any, hint: Any) -> int:
    number = values.json_integer(value, hint)
    for rule, bound, is_beyond in (("minimum", 0, number < 0), ("maximum", MAX_TICKS, number > MAX_TICKS)):
        if is_beyond:
            raise refuse(rule, value=shorten(value), bound=bound)
    return number


def _word(value: Any, hint: Any) -> str:
    word, words = values.text(value), get_args(hint)
    if word not in words:
        raise refuse("enum", value=shorten(word), bound=", ".join(words), near=near(word, words))
    return word


def _teach_steps(shape: Shape) -> None:
    kinds = {kind.__name__.lower(): kind for kind in steps.STEPS}

    def reader(name: str, kind: type[steps.Step]) -> Reader:
        inner = shape.class_reader(kind)

        def read_step(value: Any, _: Any) -> Any:
            fields = dict(values.json_object(value))
            if fields.pop("kind", None) != name:
                raise _wrong_kind(value, name)
            return inner(fields, kind)

        return read_step

    def read_any(value: Any, _: Any) -> Any:
        name = values.json_object(value).get("kind")
        if not isinstance(name, str) or name not in kinds:
            raise _wrong_kind(value, *kinds)
        return shape.structure(value, kinds[name])

    shape.teach(steps.Step, read_any, shape.unstructure)  # by the class that it is of
    for name, kind in kinds.items():
        shape.teach(kind, reader(name, kind), partial(_written, shape.class_writer(kind)))


def _written(fields: Writer, step: steps.Step) -> dict[str, Any]:
    """The fields of a step under its kind; a published value with all the decimals that are published."""
    written = {"kind": step.kind, **fields(step)}
    if isinstance(step, steps.Publication):
        decimals = step.publish.decimals
        written["published"] = f"{EXACT.scaleb(Decimal(int(step.published * 10**decimals)), -decimals):f}"
    return written


def _wrong_kind(value: Mapping[str, Any], *names: str) -> InvalidDocument:
    if "kind" not in value:
        return refuse("required", ("kind",))
    kind, bound = value["kind"], ", ".join(names)
    return refuse("enum", ("kind",), value=shorten(kind), bound=bound, near=near(kind, names))


def _teach_tie_break(shape: Shape) -> None:
    """Of nodes exact numbers are compared, of an attribute the values of the units."""
    read_fields, write_fields = shape.class_reader(TieBreak), shape.class_writer(TieBreak)
    sides = ("own", "other")

    def read_tie(value: Any, _: Any) -> TieBreak:
        fields = dict(values.json_object(value))
        hint: Any = Scalar if fields.get("compares") == "attribute" else Exact
        held = {side: fields.pop(side) for side in sides if side in fields}
        tie: TieBreak = read_fields(fields, TieBreak)
        return attrs.evolve(tie, **values.by_unique_name(held, lambda each: shape.structure(each, hint)))

    def write_tie(tie: TieBreak) -> dict[str, Any]:
        held = {side: getattr(tie, side) for side in sides}
        texts = {side: exact_text(value) for side, value in held.items() if isinstance(value, Fraction)}
        return {**write_fields(tie), **texts}

    shape.teach(TieBreak, read_tie, write_tie)


def _teach(shape: Shape) -> None:
    shape.register_structure_hook_func(lambda hint: get_origin(hint) in WORDS, _word)
    shape.teach(str, _text(wrong_text))
    shape.teach(Code, _text(wrong_code), str)
    shape.teach(int, _count)
    shape.teach(Exact, exact, exact_text)
    shape.teach(Fraction, values.scalar, rubrics.exact_out)
    shape.teach_pairs(Because, Scalar)
    shape.teach_in_full(Publish)
    _teach_tie_break(shape)
    _teach_steps(shape)


FORM = DocumentForm("explanation", Explanation, _teach)
WRITTEN = (Explanation,)
