"""Writes the examples of README.md, docs/ and the docstrings as modules, for type checkers to read.

python .ci/examples.py FOLDER   a page has each line where the page has it; docstrings say which line of the source
"""

import ast
import doctest
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import dti_core

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROMPTS = (">>> ", "... ")


def of_page(page: str) -> list[str]:
    """The lines of a page that are code, where they stand; all others are blank."""
    lines = [""] * page.count("\n")
    for block in BLOCK.finditer(page):
        start = page.count("\n", 0, block.start(1))
        code = block[1].splitlines()
        if PROMPTS[0] in block[1]:
            code = [line[4:] if line.startswith(PROMPTS) else "" for line in code]
        lines[start : start + len(code)] = code
    return lines


def of_module(module: ModuleType) -> list[str]:
    """The examples of a module's docstrings, each a function; what is to end in an error is left out."""
    lines: list[str] = []
    for test in doctest.DocTestFinder(exclude_empty=True).find(module, module.__name__):
        examples = [each for each in test.examples if each.exc_msg is None]
        if examples:
            code = "".join(each.source for each in examples)
            lines.append(f"def _() -> None:  # line {(test.lineno or 0) + examples[0].lineno + 1}")
            lines += ["    " + line for line in (*imports(code, module), *code.splitlines())]
    return lines


def imports(code: str, module: ModuleType) -> Iterator[str]:
    """What a docstring takes from its module without importing it."""
    nodes = [*ast.walk(ast.parse(code))]
    loaded = {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    bound = {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    bound |= {each.asname or each.name for each in nodes if isinstance(each, ast.alias)}
    for name in sorted((loaded - bound) & vars(module).keys()):
        thing = vars(module)[name]
        if isinstance(thing, ModuleType):
            yield f"import {thing.__name__} as {name}"
        else:
            yield f"from {getattr(thing, '__module__', module.__name__)} import {name}"


def found() -> Iterator[tuple[str, list[str]]]:
    """The lines of every page and module, by its name."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        yield page.relative_to(ROOT).with_suffix("").as_posix(), of_page(page.read_text("utf-8"))
    for each in pkgutil.walk_packages(dti_core.__path__, "dti_core."):
        if not each.name.endswith("__main__"):
            yield each.name, of_module(importlib.import_module(each.name))


if __name__ == "__main__":
    for name, lines in found():
        if any(lines):
            file = Path(sys.argv[1]) / (re.sub(r"\W", "_", name) + ".py")
            file.write_text("\n".join(lines) + "\n", "utf-8")
