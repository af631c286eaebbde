"""``python -m dti_core`` ranks the bundled example; ``python -m dti_core check FILE`` checks a document."""

import argparse
import io
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import dti_core as dti
from dti_core.documents import check
from dti_core.terms import LANGUAGES, Language
from dti_core.words import DEMONSTRATION

RUBRIC, MARKS = "vn-922-province", "vn-922-province-2022"
NOTE_WIDTH = 94
FINE, PROBLEMS, MISUSE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program: 0 when all is well, 1 when a document has problems, 2 when it was called wrongly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the locale: names are Vietnamese
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        print(*demonstration(options.language), sep="\n")
        return FINE
    try:
        return _check(options.file, options.rubric)
    except OSError as error:
        parser.exit(MISUSE, f"{parser.prog}: {error.filename}: {error.strerror}\n")
    except (dti.InvalidArgument, dti.UnknownCode) as error:
        parser.exit(MISUSE, f"{parser.prog}: {error}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dti_core",
        description="Rank the five provinces of DTI 2022 that come with the library.",
    )
    parser.add_argument(
        "--language", choices=LANGUAGES, default="en", help="of headings and notes (default: en)"
    )
    commands = parser.add_subparsers(dest="command", title="commands")
    about = "list every problem of a document"
    checking = commands.add_parser("check", help=about, description=f"{about[0].upper()}{about[1:]}.")
    checking.add_argument("file", metavar="FILE", help="the JSON document")
    checking.add_argument(
        "rubric",
        metavar="RUBRIC",
        nargs="?",
        help="the rubric's document, or the code of a bundled one (default: the bundled one that FILE names)",
    )
    checking.epilog = (
        "Exit status: 0 no problems, 1 problems, 2 FILE cannot be opened or something is missing."
    )
    return parser


def demonstration(language: Language = "en") -> Iterator[str]:
    """The bundled marks of DTI 2022 as a ranking, line by line."""
    rubric = dti.load_rubric(RUBRIC)
    marks = dti.load_marks(MARKS, rubric)
    result = dti.evaluate(rubric, marks)
    decision = rubric.decision.number if rubric.decision else rubric.code
    yield f"{rubric.title.text(language)}, {marks.period} ({decision})"
    yield ""
    yield result.ranking(nodes=[*rubric.tree.pillars]).text(language)
    yield ""
    yield from textwrap.wrap(DEMONSTRATION["note"].text(language), NOTE_WIDTH)


def _check(file: str, rubric: str | None) -> int:
    """Print every problem of a document, or of the rubric it is to be read by."""
    try:
        what, problems = file, check(Path(file), None if rubric is None else dti.load_rubric(rubric))
    except dti.InvalidDocument as error:
        what, problems = str(error.what), error.problems
    count = "1 problem" if len(problems) == 1 else f"{len(problems) or 'no'} problems"
    print(f"{what}: {count}", *problems, sep="\n  ")
    return PROBLEMS if problems else FINE


if __name__ == "__main__":
    sys.exit(main())
