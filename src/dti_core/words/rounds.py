"""What is wrong with moves and histories of a round, and with the cycle they are made in."""

from collections.abc import Iterable
from typing import Any

from dti_core.errors import Path, Problem, shorten
from dti_core.words import ROUNDS, Sentence, near


def fault(name: str, path: Path, rule: str | None = None, **values: Any) -> Problem:
    """The problem that a phrase tells; its rule is what the phrase's name begins with, where no other is given.

    >>> fault("needs.why", ("why",), move="'ask'").text("vi")
    "$.why: chưa có; hãy nêu vì sao cùng với bước 'ask'"
    """
    return Problem(path, Sentence(ROUNDS[name], values), rule or name.partition(".")[0])


def no_move(name: object, moves: Iterable[str]) -> Sentence:
    """That a name is not that of a move, and the nearest that is.

    >>> no_move("submitt", ["mark", "submit"]).text("vi")
    "'submitt' không phải là một bước; có phải là 'submit'?; các bước là mark, submit"
    """
    return ROUNDS("move.unknown", value=shorten(name), near=near(name, moves), moves=", ".join(moves))
