"""Loads everything that an installed dti_core carries with it."""

import importlib.metadata
import json

from jsonschema import Draft202012Validator

import dti_core
from dti_core.documents.source import shipped

folder = shipped("schemas")
schemas = sorted(file.name for file in folder.iterdir() if file.name.endswith(".schema.json"))
for name in schemas:
    Draft202012Validator.check_schema(json.loads((folder / name).read_text("utf-8")))
for code in dti_core.bundled_rubrics():
    document = dti_core.to_document(dti_core.load_rubric(code))
    dti_core.load_rubric(document)  # by its schema, as a stranger's document
if not schemas or not dti_core.bundled_rubrics():
    raise SystemExit("nothing was carried along")
print(dti_core.__file__, importlib.metadata.version("dti-core"), *schemas, *dti_core.bundled_rubrics())
