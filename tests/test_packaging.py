"""What an installed dti_core carries, needs and costs."""

import ast
import importlib
import importlib.metadata
import re
import rlcompleter
import shutil
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import dti_core

ROOT = Path(__file__).parents[1]
FACES = ["dti_core", "dti_core.analysis", "dti_core.assessment", "dti_core.methods", "dti_core.plots"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def run(*arguments: str, folder: Path) -> str:
    """What a fresh interpreter prints, started in a folder that is not the repository."""
    command = [sys.executable, "-X", "utf8", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, encoding="utf-8").stdout


def test_four_dependencies() -> None:
    """Installing dti_core brings attrs, cattrs, numpy and jsonschema, and nothing else of its own."""
    required = importlib.metadata.requires("dti-core") or []
    needed = {re.split(r"[><=~!;\s]", entry)[0] for entry in required if "extra ==" not in entry}

    assert needed == {"attrs", "cattrs", "numpy", "jsonschema"}


def test_version() -> None:
    """The version pip reports is the one the project states, and the changelog has a section for it."""
    assert importlib.metadata.version("dti-core") == dti_core.__version__ == PROJECT["version"]
    assert f"version: {PROJECT['version']}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"## [{PROJECT['version']}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_a_package_index_gets_links_that_work(tmp_path: Path) -> None:
    """What a release is built from has the project's URLs, and no link that leads nowhere outside the repository."""
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    home = "https://example.org/owner/dti-core"
    run(str(ROOT / ".ci/at_home.py"), home, "v1.2.3", folder=tmp_path)
    released = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["project"]
    links = re.findall(r"\]\(([^)]+)\)", (tmp_path / "README.md").read_text("utf-8"))
    here = f"{home}/blob/v1.2.3/"
    inside = [
        link.removeprefix(here) for link in (*links, *released["urls"].values()) if link.startswith(here)
    ]

    assert "docs/rules.md" in inside
    assert [path for path in inside if not (ROOT / path).is_file()] == []
    assert [link for link in links if not link.startswith("https://")] == []
    assert released == PROJECT | {"urls": released["urls"]}
    assert released["urls"]["Source"] == home


def test_typed() -> None:
    """Type checkers of the caller see the types."""
    assert files("dti_core").joinpath("py.typed").is_file()


def test_schemas_have_one_home() -> None:
    """The schemas stand at the top of the repository and nowhere else in it."""
    assert list((ROOT / "schemas").glob("*.schema.json"))
    assert not (ROOT / "src" / "dti_core" / "schemas").exists()


def public(module: str) -> list[str]:
    """What a module promises."""
    return list(importlib.import_module(module).__all__)


@pytest.mark.parametrize("module", FACES)
def test_public_names_exist(module: str) -> None:
    """Everything the package promises can be imported, is promised once, and is all that `dir()` shows."""
    thing = importlib.import_module(module)

    assert [name for name in public(module) if not hasattr(thing, name)] == []
    assert dir(thing) == sorted(set(public(module)))
    assert len(public(module)) == len(dir(thing))


def test_names_complete_in_a_console() -> None:
    """A console completes `dti.load_` and `dti.an`, though what they stand for has not been imported."""
    complete = rlcompleter.Completer({"dti": dti_core}).complete

    assert [(complete("dti.load_", at) or "").rstrip("()") for at in range(7)] == [
        *(
            f"dti.load_{what}"
            for what in ("assessments", "explanation", "marks", "measures", "result", "rubric")
        ),
        "",
    ]
    assert complete("dti.an", 0) == "dti.analysis"


def test_type_checkers_see_what_is_there() -> None:
    """The names that a type checker takes for granted are those the package has, and the same things."""
    source = ast.parse(Path(dti_core.__file__).read_text("utf-8"))
    (guarded,) = [part.body for part in source.body if "if TYPE_CHECKING:" in ast.unparse(part)]  # type: ignore[attr-defined]
    imports = [part for part in (*source.body, *guarded) if isinstance(part, ast.ImportFrom)]
    seen = {
        alias.asname: vars(importlib.import_module(part.module or "")).get(alias.name)
        for part in imports
        for alias in part.names
        if alias.asname
    }

    assert seen.keys() == set(public("dti_core"))
    assert [name for name in seen if seen[name] is not getattr(dti_core, name)] == []


def test_demonstration(tmp_path: Path) -> None:
    """`python -m dti_core` works from any folder and leaves nothing behind."""
    shown = run("-m", "dti_core", folder=tmp_path)

    assert "Đà Nẵng" in shown
    assert list(tmp_path.iterdir()) == []


def test_bundled_rubrics_load(tmp_path: Path) -> None:
    """Every bundled rubric loads by its code from any folder."""
    code = "import dti_core as d; print(*[d.load_rubric(c).code for c in d.bundled_rubrics()])"

    assert run("-c", code, folder=tmp_path).split() == list(dti_core.bundled_rubrics())


@pytest.mark.parametrize("heavy", ["jsonschema", "pandas", "polars", "pyarrow", "scipy"])
def test_import_is_light(heavy: str, tmp_path: Path) -> None:
    """`import dti_core` does not load what only some callers need."""
    assert run("-c", f"import sys, dti_core; print('{heavy}' in sys.modules)", folder=tmp_path) == "False\n"


def test_import_has_no_side_effects(tmp_path: Path) -> None:
    """`import dti_core` leaves the caller's warning filters, locale and decimal context as they were."""
    code = (
        "import decimal, locale, warnings, attrs, cattrs, numpy\n"
        "state = lambda: (list(warnings.filters), locale.setlocale(locale.LC_ALL), repr(decimal.getcontext()))\n"
        "before = state()\n"
        "import dti_core\n"
        "print(state() == before)\n"
    )

    assert run("-c", code, folder=tmp_path) == "True\n"
