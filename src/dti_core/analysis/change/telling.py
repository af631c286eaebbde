"""How a change is told: what it is about, and what is to be known before its tables are read."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from dti_core.errors import Language
from dti_core.terms import Label
from dti_core.words import CHANGES as WORDS
from dti_core.words import Phrase
from dti_core.words.numbers import number
from dti_core.words.tables import NONE, written

if TYPE_CHECKING:
    from dti_core.analysis.change.answer import Change


def why(obstacle: str | None, language: Language) -> str | None:
    """What keeps a score or a rank from being taken apart, in words."""
    return obstacle and WORDS[obstacle].text(language)


def headline(change: "Change", language: Language) -> str:
    """What the table of one unit answers."""
    row = change.movement[change.units[0]]
    places = row["places"]
    kind = "score" if places != places else "same" if not places else "rose" if places > 0 else "fell"
    size = 0 if places != places else abs(int(places))
    return WORDS(f"headline.{kind}", unit=_name(change), places=size).text(language)


def remarks(change: "Change", language: Language) -> Iterator[str]:
    """Where one unit stood and stands; what is not taken apart; what makes the rounds hard to compare."""
    if len(change.units) == 1:
        yield from _of_one(change, language)
    before, after = (standing.scale for standing in (change.movement.previous, change.movement.current))
    if not change.rubrics.comparable:
        yield WORDS("incomparable", cause=WORDS["rubric"]).text(language)
    if before != after:
        scales = {"before": _scale(before, language), "after": _scale(after, language)}
        yield WORDS("scales", **scales, cause=WORDS["rubric"]).text(language)
    if not change.combined.apart:
        yield WORDS("together", cause=WORDS["rubric"]).text(language)
    if change.order is not None:
        causes = " → ".join(WORDS[cause].text(language) for cause in change.order)
        yield WORDS("order", causes=causes).text(language)


def _of_one(change: "Change", language: Language) -> Iterator[str]:
    row = change.movement[change.units[0]]
    decimals = change.movement.previous.decimals, change.movement.current.decimals
    yield WORDS(
        "stood",
        unit=_name(change),
        old_rank=row["rank.before"] or NONE,
        rank=row["rank"] or NONE,
        old=written([float(row["published.before"])], language, decimals[0])[0],
        new=written([float(row["published"])], language, decimals[1])[0],
    ).text(language)
    before, after = change.common[:, 0].tolist()
    if before and (before, after) != (row["rank.before"], row["rank"]):
        yield WORDS("common", before=before, after=after).text(language)
    if change.obstacles[0]:
        yield why(change.obstacles[0], language) or ""


def _name(change: "Change") -> Label | str:
    standings = change.movement.current, change.movement.previous
    named = (dict(zip(standing.units, standing.names, strict=True)) for standing in standings)
    unit = change.units[0]
    return next((names[unit] for names in named if names.get(unit)), None) or unit


def _scale(scale: Fraction | None, language: Language) -> Phrase | str:
    return WORDS["own_scales"] if scale is None else number(scale, language)
