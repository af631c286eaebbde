"""What an installed dti_core carries, needs and costs."""

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import dti_core

ROOT = Path(__file__).parents[1]
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
    assert importlib.metadata.version("dti-core") == PROJECT["version"]
    assert f"## [{PROJECT['version']}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_typed() -> None:
    """Type checkers of the caller see the types."""
    assert files("dti_core").joinpath("py.typed").is_file()


def test_schemas_have_one_home() -> None:
    """The schemas stand at the top of the repository and nowhere else in it."""
    assert list((ROOT / "schemas").glob("*.schema.json"))
    assert not (ROOT / "src" / "dti_core" / "schemas").exists()


def test_public_names_exist() -> None:
    """Everything the package promises can be imported, and is promised once."""
    assert len(set(dti_core.__all__)) == len(dti_core.__all__)
    assert [name for name in dti_core.__all__ if not hasattr(dti_core, name)] == []


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
