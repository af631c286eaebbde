"""What the documentation promises stays true of the code."""

import importlib
import re
import tomllib
from collections.abc import Iterator
from inspect import getsource, isfunction
from pathlib import Path
from typing import get_origin

import attrs
import pytest
from write_readme import in_vietnamese

import dti_core

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
FACES = ["dti_core", "dti_core.analysis", "dti_core.assessment"]


@pytest.mark.parametrize("face", FACES)
def test_reference_lists_every_public_name(face: str) -> None:
    """Whatever is promised for import has its place in the reference, and nothing else has."""
    reference = (DOCS / "reference.md").read_text("utf-8")
    documented = re.findall(rf"^.. auto\w+:: {re.escape(face)}\.(\w+)(?:\(.*\))?$", reference, re.MULTILINE)

    assert sorted(importlib.import_module(face).__all__) == sorted(documented)


@pytest.mark.parametrize("face", [*FACES, "dti_core.methods", "dti_core.plots"])
def test_every_public_name_has_an_example(face: str) -> None:
    """Whoever looks up a public class or function finds an example of it in its own docstring."""
    module = importlib.import_module(face)
    named = {name: getattr(module, name) for name in module.__all__}
    made = {
        name: thing
        for name, thing in named.items()
        if isfunction(thing) or (isinstance(thing, type) and not get_origin(thing))
    }

    assert [name for name, thing in made.items() if ">>> " not in (thing.__doc__ or "")] == []


def _shown() -> Iterator[tuple[type, list[str]]]:
    """The classes with fields that the reference shows, each with the members that it leaves out."""
    reference = (DOCS / "reference.md").read_text("utf-8")
    directive = re.compile(r"^.. auto(class|module):: ([\w.]+).*\n((?:   :.*\n)*)", re.MULTILINE)
    for sort, path, options in directive.findall(reference):
        hidden = re.findall(r"\w+", "".join(re.findall(":exclude-members: (.*)", options)))
        where, name = (path, "") if sort == "module" else path.rsplit(".", 1)
        module = importlib.import_module(where)
        things = (
            [getattr(module, name)] if name else [] if ":no-members:" in options else vars(module).values()
        )
        for thing in things:
            if isinstance(thing, type) and attrs.has(thing) and thing.__module__.startswith(where):
                yield thing, hidden


def _has_line(kind: type, field: str) -> bool:
    """Whether a comment stands above a field, in its class or in one that this is made of."""
    line = re.compile(rf"^    #: .*\n    {field}: ", re.MULTILINE)
    return any(
        line.search(getsource(base)) for base in kind.__mro__ if base.__module__.startswith("dti_core")
    )


def test_every_public_field_has_a_line() -> None:
    """The reference tells of every field what it holds; one without a line of its own would be left out there."""
    untold = [
        f"{kind.__qualname__}.{field.name}"
        for kind, hidden in _shown()
        for field in attrs.fields(kind)
        if not field.name.startswith("_") and field.name not in hidden and not _has_line(kind, field.name)
    ]

    assert untold == []


def test_readme_starts_with_two_commands() -> None:
    """A newcomer's first two commands are those that the project's own checks run."""
    checks = (ROOT / ".ci" / "run").read_text("utf-8")
    commands = re.findall(r"^(?:setup|tests)='(.*)'$", checks, re.MULTILINE)
    first_block = (ROOT / "README.md").read_text("utf-8").split("```")[1]
    lines = [line.removeprefix("$ ").split("  #")[0].strip() for line in first_block.splitlines()]

    assert commands == [line for line in lines if ".venv" in line]


def test_readme_in_vietnamese() -> None:
    """README.vi.md says in the catalogue's words what README.md says; ``python tests/write_readme.py`` writes it."""
    readme = (ROOT / "README.md").read_text("utf-8")

    assert in_vietnamese(readme) == (ROOT / "README.vi.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file of the repository finds it."""
    targets = re.findall(r"\]\((?!\w+:|#)([^)#]+)", page.read_text("utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_picture_of_the_rooms() -> None:
    """The picture of the rooms shows the modules in the order that import-linter holds them to."""
    picture = (DOCS / "architecture.md").read_text("utf-8").partition("## The rooms")[2].split("```")[1]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    source = Path(dti_core.__file__).parent
    layers = re.findall(r"\w+", " ".join(contracts[0]["layers"]))
    rooms = [
        name
        for name in layers
        if any((source / file).exists() for file in (f"{name}.py", f"{name}/__init__.py"))
    ]

    assert rooms == re.findall(r"^(\w+) ", picture, re.MULTILINE)
