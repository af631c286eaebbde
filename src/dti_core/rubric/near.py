"""The nearest code, suggested sparingly: looking among many takes long, and few problems are shown."""

from collections.abc import Callable, Sequence

from dti_core.errors import SHOWN, suggest

Near = Callable[[object, Sequence[str]], str]
"""As :func:`~dti_core.errors.suggest`."""
ENOUGH = 100
"""Among so many codes each of those unknown that are shown is looked for; among more, fewer of them."""


def sparing() -> Near:
    """Suggestions that stop once enough have been made, or enough codes looked at."""
    left = [SHOWN * ENOUGH]

    def near(code: object, known: Sequence[str]) -> str:
        left[0] -= max(len(known), ENOUGH)
        return suggest(code, known) if left[0] >= 0 else ""

    return near
