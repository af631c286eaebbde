"""Rubric documents ⇄ :class:`~dti_core.Rubric`."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

import dti_core.documents.scoring  # noqa: F401 - reads the methods of leaves
from dti_core.documents.convert import structure, unstructure
from dti_core.documents.problems import merged
from dti_core.documents.schema import NAMES, shape_problems
from dti_core.documents.text import MAX_PROBLEMS
from dti_core.errors import InvalidDocument
from dti_core.rubric import Rubric


def read_rubric(document: Mapping[str, Any], what: str, *, shipped: bool = False) -> Rubric:
    """The rubric that a sound JSON object describes; the shape of what is ``shipped`` here was tested before."""
    shape = [] if shipped else [*islice(shape_problems("rubric", document), MAX_PROBLEMS)]
    rubric, problems = structure({key: value for key, value in document.items() if key != "schema"}, Rubric)
    if shape or rubric is None:
        raise InvalidDocument(what, merged(shape, problems))
    return rubric


def write_rubric(rubric: Rubric) -> dict[str, Any]:
    """The document of a rubric."""
    return {"schema": NAMES["rubric"], **unstructure(rubric, "rubric")}
