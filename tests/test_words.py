"""What the library says, it says in both languages.

Run as a program this writes docs/rule-codes.md.
"""

import ast
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import dti_core
from dti_core.words import RULES, Catalogue

ROOT = Path(__file__).parents[1]
SOURCE = Path(dti_core.__file__).parent
FILES = sorted((SOURCE / "words").glob("*.json"))
PAGE = ROOT / "docs" / "rule-codes.md"
MODULES = {str(file.relative_to(SOURCE)): ast.parse(file.read_text("utf-8")) for file in SOURCE.rglob("*.py")}
SAYING = {"Problem", "InvalidArgument", "UnknownCode", "InvalidDocument", "ModuleNotFoundError"}


def placeholders(text: str) -> set[str | None]:
    """The values that a phrase takes."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_both_languages(file: Path) -> None:
    """Every phrase has Vietnamese and English, takes the same values in both, and has one place."""
    pairs = json.loads(file.read_text("utf-8"), object_pairs_hook=list)
    phrases = Catalogue(file.stem)

    assert len(phrases) == len(pairs) > 0
    for name, label in phrases.items():
        assert label.en, name
        assert placeholders(label.vi) == placeholders(label.en), name


def test_every_phrase_that_is_asked_for_is_there() -> None:
    """A phrase asked for by its name is in the file of its subject."""
    asked = [
        (subject.lower(), name)
        for file in SOURCE.rglob("*.py")
        for subject, name in re.findall(r"\b([A-Z]{5,})[\[(]\"([\w. ]+)\"", file.read_text("utf-8"))
    ]
    subjects = {file.stem: Catalogue(file.stem) for file in FILES}

    assert len(asked) > 200
    assert [
        (subject, name) for subject, name in asked if subject in subjects and name not in subjects[subject]
    ] == []


def called(node: ast.AST) -> str:
    """The name of what is called, "" where it is no call."""
    function = node.func if isinstance(node, ast.Call) else None
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def is_english(node: ast.AST | None) -> bool:
    """Whether an expression is text that the code spells, with spaces between its words."""
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp | ast.IfExp | ast.BoolOp):
        return any(map(is_english, ast.iter_child_nodes(node)))
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


def english_in(module: ast.Module) -> Iterator[int]:
    """The lines where an error, or a check of a value, says what is spelt in the code."""
    for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
        inside = [*ast.walk(function)]
        spelt = {
            target.id
            for node in inside
            if isinstance(node, ast.Assign) and is_english(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in (part for part in inside if isinstance(part, ast.Call | ast.Return)):
            said = [*node.args, *(word.value for word in node.keywords)] if isinstance(node, ast.Call) else []
            names = {part.id for part in said if isinstance(part, ast.Name)}
            if called(node) in SAYING and (any(map(is_english, said)) or names & spelt):
                yield node.lineno
            if isinstance(node, ast.Return) and "wrong" in function.name and is_english(node.value):
                yield node.lineno


@pytest.mark.parametrize("name", [*MODULES])
def test_no_error_speaks_one_language(name: str) -> None:
    """What errors and checks say is a phrase of the catalogue, never text in the code."""
    assert [*english_in(MODULES[name])] == []


def test_english_is_found() -> None:
    """Text in errors and checks is found, however it comes there."""
    module = ast.parse(
        "def f(x):\n"
        "    message = f'is {x}'\n"
        "    yield Problem((), message, 'rule')\n"
        "    raise InvalidArgument('is wrong' if x else WORDS('wrong'))\n"
        "def wrong(x):\n"
        "    return None if x else f'{x} is needed'\n"
        "def right(x):\n"
        "    raise InvalidArgument(WORDS('wrong', name=f'{x}.y'))\n"
    )

    assert sorted(english_in(module)) == [3, 4, 6]


def rules_named() -> Iterator[str]:
    """The rule codes that the code names: given to a problem, or what a phrase's name begins with."""
    for name, module in MODULES.items():
        by_phrase = {"fault", "flaw"}
        by_rule = {"Problem"} if name.startswith("methods/") else {"Problem", *by_phrase}
        for node in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
            rule = node.args[2:3] if called(node) in by_rule else []
            named = rule or (node.args[:1] if called(node) in by_phrase else [])
            yield from (str(part.value).partition(".")[0] for part in named if isinstance(part, ast.Constant))


def test_every_rule_code_is_explained() -> None:
    """A program that looks at ``problem.rule`` finds every code on the page, and none that is never used."""
    texts = {
        node.value
        for module in MODULES.values()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant)
    }
    used = {str(text).partition(".")[0] for text in texts}
    schemas = "".join(file.read_text("utf-8") for file in (ROOT / "schemas").glob("*.json"))

    assert {*rules_named()} <= {*RULES}
    assert [rule for rule in RULES if rule not in used and f'"{rule}":' not in schemas] == []


def page() -> str:
    """The page of rule codes, as the catalogue has them."""
    rows = [f"| `{code}` | {phrase.text('vi')} | {phrase.text('en')} |" for code, phrase in RULES.items()]
    return "\n".join(
        [
            "# Rule codes",
            "",
            "Every `Problem` has a place (`path`, `where`), a `rule` for programs, and a sentence in both languages",
            '(`problem.text("vi")`; `message` is the English one) with its `values`. `python -m dti_core check --json`',
            "prints the same. A code stays what it is, while sentences may get better.",
            "",
            "| `rule` | tiếng Việt | English |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


def test_the_page_of_rule_codes() -> None:
    """The page lists what the catalogue has; ``python tests/test_words.py`` writes it anew."""
    assert PAGE.read_text("utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
