"""Writes what of the conformance suite follows from the rest of it: run it after cases, or the form of results, change.

``PYTHONPATH=src python tests/write_conformance.py`` rewrites the result documents of ``27-written-results.json`` and
``29-merged-units.json`` from their rubrics and marks, and the lists of cases in the README. The tests then hold them
against the slow reference.
"""

import json
import re
from itertools import chain, zip_longest
from typing import Any

from conformance_cases import FOLDER, README, published
from reference_rules import Document

import dti_core as dti

WIDTH = 188
WRITTEN = [FOLDER / "27-written-results.json", FOLDER / "29-merged-units.json"]


def laid_out(value: Any, indent: int = 0, used: int = 0) -> str:
    """JSON in which what fits on a line stands on one; ``used`` is what its first line has before it."""
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, dict | list) or used + len(line) <= WIDTH:
        return line
    keys = [f"{json.dumps(key, ensure_ascii=False)}: " for key in value] if isinstance(value, dict) else []
    parts = [*value.values()] if isinstance(value, dict) else value
    lines = [
        f"{' ' * (indent + 2)}{head}{laid_out(part, indent + 2, indent + 2 + len(head))}"
        for head, part in zip_longest(keys, parts, fillvalue="")
    ]
    return "\n".join((line[0], ",\n".join(lines), " " * indent + line[-1]))


def with_result(case: Document) -> Document:
    """The case with the result document that the library writes, but for what names the library."""
    if "rubric" not in case:
        return case
    written = dti.to_document(published(case))
    return case | {"result": {key: value for key, value in written.items() if key != "library"}}


def with_lists(readme: str, suite: dict[str, Document]) -> str:
    """The README with the number of cases of each file, and the cases of each rule, as the files have them."""
    named: dict[str, list[str]] = {}
    for case in chain.from_iterable(file["cases"] for file in suite.values()):
        for rule in case["rules"]:
            named.setdefault(rule, []).append(case["name"])
    readme, heading, rules = readme.partition("## Rules and their cases\n")
    for rule, names in named.items():
        row = rf"^(\| `{rule}` \| .* \|)[^|]*\|$"
        rules = re.sub(row, rf"\1 {', '.join(names)} |", rules, flags=re.MULTILINE)
    rows = [
        f"| [{name}]({name}) | {file['family']['vi']} / {file['family']['en']} | {len(file['cases'])} |\n"
        for name, file in suite.items()
    ]
    table = "| file | what it shows | cases |\n| --- | --- | --- |\n"
    files = re.sub(rf"{re.escape(table)}(\| \[.*\n)*", lambda _: table + "".join(rows), readme)
    return files + heading + rules


if __name__ == "__main__":
    for path in WRITTEN:
        written = json.loads(path.read_text("utf-8"))
        written["cases"] = [with_result(case) for case in written["cases"]]
        path.write_text(f"{laid_out(written)}\n", "utf-8")
    suite = {file.name: json.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.json"))}
    (FOLDER / "README.md").write_text(with_lists(README, suite), "utf-8")
