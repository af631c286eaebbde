"""Scoring methods ⇄ JSON: by their kind, numbers exact."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from dti_core.documents.convert import fields_out, number_out, paired, pairs_out, structure, teach
from dti_core.documents.values import mapping, number, text
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, shorten, suggest
from dti_core.methods import KINDS, Method
from dti_core.methods.worth import WRITTEN, Shares


def _method(value: Any, _: Any) -> Method:
    """A scoring method by its kind, one of the library's or one that has been registered."""
    given = dict(mapping(value))
    kind = given.pop("kind", None)
    if not isinstance(kind, str) or kind not in KINDS:
        own = "; a kind of one's own is registered before it is read" if ":" in str(kind) else ""
        message = f"{shorten(kind)} is no scoring method{own or suggest(kind, [*KINDS])}"
        told = message if "kind" in value else "is missing; add it"
        raise InvalidDocument("scoring", [Problem(("kind",), told, "kind")])
    method, problems = structure(given, KINDS[kind])
    if method is None:
        raise InvalidDocument("scoring", problems)
    return method


def _method_out(method: Method) -> dict[str, Any]:
    return {"kind": method.kind} | fields_out(type(method))(method)


def _exact(value: Any, _: Any) -> Any:
    """A bounded number, or text that the class takes for a fraction."""
    return text(value) if isinstance(value, str) else number(value)


def _exact_out(value: Fraction) -> int | float | str:
    """The JSON number of a fraction, or its text where no JSON number is the same."""
    shortest = Decimal(repr(float(value)))
    if Fraction(shortest) == value:
        return number_out(shortest)
    written = f"{value.numerator}/{value.denominator}"
    if not WRITTEN.fullmatch(written):
        raise InvalidArgument(
            f"{shorten(written)} has more digits than a document keeps; round it before writing"
        )
    return written


teach(Fraction, _exact, _exact_out)
teach(Shares, paired(Fraction), pairs_out)
teach(Method, _method, _method_out)
