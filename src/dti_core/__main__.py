"""``python -m dti_core`` ranks the bundled example; ``python -m dti_core check FILE…`` checks documents."""

import argparse
import io
import json
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import dti_core as dti
from dti_core.documents import check
from dti_core.errors import LANGUAGES, Language, Problem, text_in
from dti_core.exact import decimal_of, decimal_text
from dti_core.words import COMMANDS, DEMONSTRATION, ERRORS, Sentence

RUBRIC, MARKS = "vn-922-province", "vn-922-province-2022"
NOTE_WIDTH = 94
FINE, PROBLEMS, MISUSE = 0, 1, 2
Checked = Mapping[str, Sequence[Problem]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program: 0 when all is well, 1 when a document has problems, 2 when it was called wrongly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the locale: names are Vietnamese
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = _parser(_language(arguments))
    options = parser.parse_args(arguments)
    if options.command is None:
        print(*demonstration(options.language), sep="\n")
        return FINE
    try:
        checked = _checked(options.files, options.rubric, options.language)
    except OSError as error:
        phrase = "no_file" if isinstance(error, FileNotFoundError) else "unopened"
        said = Sentence(COMMANDS[phrase], {"file": error.filename, "why": error.strerror})
        parser.exit(MISUSE, f"{parser.prog}: {said.text(options.language)}\n")
    except (dti.InvalidArgument, dti.UnknownCode) as error:
        parser.exit(MISUSE, f"{parser.prog}: {error.text(options.language)}\n")
    print(*(_as_json if options.json else _as_text)(checked, options.language), sep="\n")
    return PROBLEMS if any(checked.values()) else FINE


def _language(arguments: Sequence[str] | None) -> Language:
    """The language of the help, which is asked for before everything is read."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    try:
        return cast("Language", parser.parse_known_args(arguments)[0].language)
    except argparse.ArgumentError:
        return "en"


def _parser(language: Language) -> argparse.ArgumentParser:
    told = {name: phrase.text(language) for name, phrase in COMMANDS.items()}
    parser = argparse.ArgumentParser(prog="python -m dti_core", description=told["rank"])
    parser.add_argument("--version", action="version", version=f"dti_core {dti.__version__}")
    printed: dict[str, Any] = {"choices": LANGUAGES, "help": told["language"]}
    parser.add_argument("--language", default="en", **printed)
    commands = parser.add_subparsers(dest="command", title="commands")
    checking = commands.add_parser(
        "check", help=told["check"], description=told["check"], epilog=told["status"]
    )
    checking.add_argument("files", metavar="FILE", nargs="+", help=told["files"])
    checking.add_argument("--rubric", help=told["rubric"])
    checking.add_argument("--language", default=argparse.SUPPRESS, **printed)
    checking.add_argument("--json", action="store_true", help=told["json"])
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


def _checked(files: Sequence[str], rubric: str | None, language: Language) -> Checked:
    """The problems of every document, or of the rubric that they are to be read by."""
    try:
        by = None if rubric is None else dti.load_rubric(rubric)
    except dti.InvalidDocument as error:
        return {text_in(error.what, language): error.problems}
    return {file: check(Path(file), by) for file in files}


def _as_text(checked: Checked, language: Language) -> Iterator[str]:
    """A line for each document, and one for each of its problems."""
    for what, problems in checked.items():
        phrase = {0: "no_problems", 1: "problem"}.get(len(problems), "problems")
        yield ERRORS(phrase, what=what, count=len(problems)).text(language)
        yield from (f"  {problem.text(language)}" for problem in problems)


def _as_json(checked: Checked, language: Language) -> Iterator[str]:
    """The same for programs."""
    listed = [
        {"file": what, "problems": [_in_json(problem, language) for problem in problems]}
        for what, problems in checked.items()
    ]
    yield json.dumps(listed, ensure_ascii=False, indent=2)


def _in_json(problem: Problem, language: Language) -> dict[str, Any]:
    """A problem in plain values; exact numbers as text."""
    return {
        "path": problem.path,
        "where": problem.where,
        "rule": problem.rule,
        "message": text_in(problem.said, language),
        "values": {name: _plain(value, language) for name, value in problem.values.items()},
    }


def _plain(value: Any, language: Language) -> Any:
    if hasattr(value, "text"):
        return value.text(language)
    number = decimal_of(value)
    if isinstance(value, int | float):
        return value
    return str(value) if number is None else decimal_text(number)


if __name__ == "__main__":
    sys.exit(main())
