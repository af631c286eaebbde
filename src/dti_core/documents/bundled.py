"""The rubrics and example marks that come with the library."""

import re
from typing import TYPE_CHECKING, Any

from dti_core.documents.text import parse, sound
from dti_core.errors import UnknownCode

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SAFE = re.compile(r"[A-Za-z0-9-]+")


def bundled_rubrics() -> tuple[str, ...]:
    """The codes of the rubrics that come with the library.

    >>> "vn-922-province" in bundled_rubrics()
    True
    """
    return _names("rubrics")


def bundled_rubric(code: str) -> dict[str, Any]:
    """The document of a bundled rubric."""
    return _document("rubrics", code)


def bundled_marks(name: str) -> dict[str, Any]:
    """A bundled marks document."""
    return _document("examples", name)


def _folder(name: str) -> "Traversable":
    from importlib.resources import files  # with tempfile, shutil and more: imported where it is used

    return files("dti_core") / name


def _names(folder: str) -> tuple[str, ...]:
    found = (entry.name.removesuffix(".json") for entry in _folder(folder).iterdir())
    return tuple(sorted(name for name in found if SAFE.fullmatch(name)))


def _document(folder: str, code: str) -> dict[str, Any]:
    names = _names(folder)
    if code not in names:
        raise UnknownCode(f"bundled document (of {', '.join(names)}; a path needs a suffix)", code, names)
    return sound(parse((_folder(folder) / f"{code}.json").read_bytes(), code), code)
