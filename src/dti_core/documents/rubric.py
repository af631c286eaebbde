"""Rubric documents ⇄ :class:`~dti_core.Rubric`; scoring methods by their kind, numbers exact."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dti_core.documents.convert import DocumentForm, Shape, number_out
from dti_core.documents.values import json_object, scalar
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, raise_all, shorten
from dti_core.methods import KINDS, Method
from dti_core.methods.worth import Shares
from dti_core.rubric import Rubric
from dti_core.rubric.criteria import Points
from dti_core.terms import TEXT_LENGTH
from dti_core.terms.amounts import FRACTION
from dti_core.words import DOCUMENTS, near
from dti_core.words.documents import flaw


def read(document: Mapping[str, Any], what: str) -> Rubric:
    """The rubric that a sound JSON object describes."""
    rubric, problems = FORM.read(document, what)
    raise_all(what, problems)
    return rubric


def write(rubric: Rubric) -> dict[str, Any]:
    """The document of a rubric."""
    return FORM.write(rubric)


def _teach_scoring(shape: Shape) -> None:
    def read_method(value: Any, _: Any) -> Method:
        fields = dict(json_object(value))
        kind = fields.pop("kind", None)
        if not isinstance(kind, str) or kind not in KINDS:
            raise InvalidDocument("scoring", [_unknown_kind(value)])
        method: Method = shape.structure(fields, KINDS[kind])
        return method

    def write_method(method: Method) -> dict[str, Any]:
        return {"kind": method.kind, **shape.class_writer(type(method))(method)}

    shape.teach(Fraction, scalar, exact_out)
    shape.teach(Points, scalar, lambda points: exact_out(Fraction(points)))
    shape.teach_pairs(Shares, Fraction, longest=TEXT_LENGTH)
    shape.teach(Method, read_method)
    shape.register_unstructure_hook(Method, write_method)  # and of every class below it


def _unknown_kind(method: Mapping[str, Any]) -> Problem:
    if "kind" not in method:
        return flaw("required", ("kind",))
    kind = method["kind"]
    if ":" in str(kind):
        return flaw("kind.own", ("kind",), value=shorten(kind))
    return flaw("kind", ("kind",), value=shorten(kind), near=near(kind, KINDS))


def exact_out(value: Fraction) -> int | float | str:
    """The JSON number of a fraction, or its text where no JSON number is the same."""
    shortest = Decimal(repr(float(value)))
    if Fraction(shortest) == value:
        return number_out(shortest)
    written = f"{value.numerator}/{value.denominator}"
    if not FRACTION.fullmatch(written):
        raise InvalidArgument(DOCUMENTS("too_fine", value=shorten(written)))
    return written


FORM = DocumentForm("rubric", Rubric, _teach_scoring)
WRITTEN = (Rubric,)
