"""Types that common generators make of the schemas lose nothing of any document.

python .ci/types/check.py write FOLDER   writes what other software checks: documents, and literals for TypeScript
python .ci/types/check.py read FOLDER    reads every good document with the Python types in FOLDER and writes it back
"""

import importlib
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import dti_core as dti
from dti_core.documents.canonical import canonical
from dti_core.documents.schema import VERSIONS, DocumentKind, schema, shape_problems

ROOT = Path(__file__).parents[2]
KEYS: dict[str, DocumentKind] = {**{kind: kind for kind in VERSIONS}, "assessments": "assessment"}
MISSPELT = """
// @ts-expect-error
export const misspelt: Ratio = {"kind": "ratio", "traget": 0.8};
// @ts-expect-error
export const unknown: Component = {"code": "1", "title": "1", "max_pionts": 1};
// @ts-expect-error
export const unnamed: Component = {"code": "1", "title": "1", "max_points": 1, "scoring": {"traget": 0.8}};
"""


class Document(NamedTuple):
    """A document, where it stands, and whether its shape is that of its kind."""

    kind: DocumentKind
    name: str
    document: Any
    fits: bool


def documents() -> Iterator[Document]:
    """All that is bundled, what explains it, the examples of the schemas, and the conformance suite, good and bad."""
    for kind, folder in (("rubric", "rubrics"), ("marks", "examples")):
        for file in sorted((ROOT / "src/dti_core" / folder).glob("*.json")):
            yield judged(kind, file.name, read(file))
    for code in dti.bundled_marks():
        marks = read(ROOT / f"src/dti_core/examples/{code}.json")
        rubric = dti.load_rubric(marks["rubric"])
        result = dti.evaluate(rubric, dti.load_marks(marks, rubric))
        for unit in result.units:
            yield judged("explanation", f"{code} {unit}", dti.to_document(result.explain(unit)))
    for kind in VERSIONS:
        for example in schema(kind)["examples"]:
            yield judged(kind, f"example of {kind}", example)
    for file in sorted((ROOT / "schemas/conformance").glob("*.json")):
        for case in read(file)["cases"]:
            for key in KEYS.keys() & case.keys():
                yield judged(KEYS[key], f"{case['name']} {key}", case[key])


def judged(kind: DocumentKind, name: str, document: Any) -> Document:
    """A document with what the library says of its shape."""
    return Document(kind, name, document, not any(shape_problems(kind, document)))


def read(file: Path) -> Any:
    """A JSON file in normal form C, as the library reads text."""
    return json.loads(unicodedata.normalize("NFC", file.read_text("utf-8")))


def write(folder: Path) -> None:
    """Writes documents.json, schemas.json and, for each kind, its good documents as typed literals."""
    found = [*documents()]
    files = [(kind, str(ROOT / "schemas" / f"{kind}.schema.json")) for kind in VERSIONS]
    (folder / "schemas.json").write_text(json.dumps(files))
    (folder / "documents.json").write_text(json.dumps([each._asdict() for each in found]))
    for kind in VERSIONS:
        title = schema(kind)["title"]
        names = f"{title}, Component, Ratio" if kind == "rubric" else title
        good = [each for each in found if each.kind == kind and each.fits]
        lines = [f'import type {{{names}}} from "./{kind}.d.ts";']
        lines += [
            f"export const d{at}: {title} = {json.dumps(each.document)};" for at, each in enumerate(good)
        ]
        (folder / f"{kind}_literals.ts").write_text(
            "\n".join(lines) + (MISSPELT if kind == "rubric" else "\n")
        )
    print(f"{len(found)} documents, {sum(each.fits for each in found)} good")


def read_back(folder: Path) -> None:
    """Reads every good document with the types in a folder; ends with an error where one comes back changed."""
    sys.path.insert(0, str(folder))
    roots = {kind: getattr(importlib.import_module(kind), schema(kind)["title"]) for kind in VERSIONS}
    good = [each for each in documents() if each.fits]
    changed = [
        each.name
        for each in good
        if canonical(through(roots[each.kind], each.document)) != canonical(each.document)
    ]
    print(f"{len(good)} documents read and written, {len(changed)} changed", *changed[:20], sep="\n  ")
    sys.exit(bool(changed))


def through(root: Any, document: Any) -> Any:
    """A document after a class of the generated types has held it."""
    return root.model_validate(document).model_dump(mode="json", by_alias=True, exclude_unset=True)


if __name__ == "__main__":
    {"write": write, "read": read_back}[sys.argv[1]](Path(sys.argv[2]))
