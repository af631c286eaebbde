"""Where documents come from: files, JSON at hand, parsed values, and what comes with the library."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Any

from dti_core.documents.text import LIMITS, Limits, parse, sound
from dti_core.errors import InvalidArgument, InvalidDocument, UnknownCode, shorten
from dti_core.words import DOCUMENTS
from dti_core.words.documents import flaw

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

DocumentSource = (
    str | os.PathLike[str] | bytes | bytearray | memoryview | IO[str] | IO[bytes] | Mapping[str, Any]
)
JSON = re.compile(r"[\s\ufeff]*[{\[]")
SAFE = re.compile(r"[A-Za-z0-9-]+")


def read(
    source: Any, what: str, limits: Limits = LIMITS, folder: str | None = None
) -> tuple[dict[str, Any], str]:
    """The document that a source holds, and what to call it in errors.

    Text that starts as JSON does is JSON; else, where it has no suffix, the code of what is bundled in ``folder``; else
    a path. Raises OSError where a file cannot be opened.
    """
    if isinstance(source, str) and JSON.match(source):
        data = source.encode("utf-8", "surrogatepass")
    elif isinstance(source, str) and folder is not None and not PurePath(source).suffix:
        what, data = source, _bundled(folder, source)
    elif isinstance(source, str | os.PathLike):
        data = _of_file(source, limits)
        what = f"{what} {_printable(source)}"
    elif isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
    elif callable(getattr(source, "read", None)):
        data = _of_stream(source, what, limits)
    else:
        return sound(dict(source) if isinstance(source, Mapping) else source, what, limits), what
    return sound(parse(data, what, limits), what, limits), what


def bundled(folder: str) -> tuple[str, ...]:
    """The codes of what is bundled in a folder."""
    names = (entry.name.removesuffix(".json") for entry in shipped(folder).iterdir())
    return tuple(sorted(name for name in names if SAFE.fullmatch(name)))


def _bundled(folder: str, code: str) -> bytes:
    codes = bundled(folder)
    if code not in codes:
        raise UnknownCode(DOCUMENTS("bundled", codes=", ".join(codes)), code, codes)
    return (shipped(folder) / f"{code}.json").read_bytes()


def shipped(folder: str) -> "Traversable":
    """A folder that comes with the library: beside the code, or at the repository root in an editable install."""
    from importlib.resources import files  # with tempfile, shutil and more: imported where it is used

    built = files("dti_core") / folder
    return built if built.is_dir() else Path(__file__).parents[3] / folder


def _of_file(path: str | os.PathLike[str], limits: Limits) -> bytes:
    """What a file holds, up to the limit; a pipe or a device, which might never end, is not opened."""
    try:
        regular = stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - os.PathLike is more than Path
    except ValueError:
        raise InvalidArgument(DOCUMENTS("no_path", path=shorten(os.fspath(path)))) from None
    if not regular:
        raise InvalidArgument(DOCUMENTS("no_file", path=_printable(path)))
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read(limits.size + 1)


def _printable(path: str | os.PathLike[str]) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _of_stream(stream: Any, what: str, limits: Limits) -> bytes:
    """What is left in an open file, binary or text, up to the limit."""
    parts: list[bytes] = []
    left = limits.size + 1
    try:
        while left > 0 and (part := stream.read(left)):
            parts.append(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else bytes(part))
            left -= len(part)
    except UnicodeDecodeError:  # where, it says of the piece that was being read
        raise InvalidDocument(what, [flaw("encoding.stream")]) from None
    except (TypeError, ValueError) as error:
        raise InvalidArgument(DOCUMENTS("no_stream", stream=shorten(stream), error=str(error))) from None
    return b"".join(parts)
