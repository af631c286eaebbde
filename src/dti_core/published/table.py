"""The columns of a published result, in the form that those of a result have."""

from collections.abc import Iterator, Sequence
from typing import Any

from numpy.typing import NDArray

from dti_core.answer import UNRANKED, Columns, doubles, texts, wholes
from dti_core.columns.codes import listed_codes, option
from dti_core.errors import LANGUAGES, Language
from dti_core.published import PublishedResult
from dti_core.published.by_index import view_codes
from dti_core.rubric.tree import TOTAL
from dti_core.scores.asked import with_columns
from dti_core.scores.setting import BLOCK
from dti_core.terms import nfc


def wide(result: PublishedResult, nodes: Sequence[str] | None, language: Language) -> Columns:
    """A row per unit: code, name, block where there are any, then the columns of each node."""
    option("language", language, *LANGUAGES)
    names = (unit.name.text(language) if unit.name else unit.code for unit in result.units)
    table: Columns = {"unit": texts(unit.code for unit in result.units), "name": texts(names)}
    if result.blocks:
        table[BLOCK] = texts(unit.block for unit in result.units)
    chosen = _shown(result) if nodes is None else listed_codes("nodes", nodes)
    for node in dict.fromkeys(map(nfc, chosen)):
        table = with_columns(table, dict(_columns(result, node)))
    return table


def _columns(result: PublishedResult, node: str) -> Iterator[tuple[str, NDArray[Any]]]:
    scores = [*result[node].values()]
    yield node, doubles(score.published for score in scores)
    yield f"{node}.points", doubles(score.points for score in scores)
    yield f"{node}.applicable", doubles(score.applicable for score in scores)
    yield f"{node}.rank", wholes(score.rank or UNRANKED for score in scores)
    yield f"{node}.of", wholes(score.of or UNRANKED for score in scores)
    if result.bands:
        yield f"{node}.grade", texts(score.grade for score in scores)


def _shown(result: PublishedResult) -> list[str]:
    """The total, what stands directly in it, and what it does not hold: sets, and nodes without those above them."""
    children = next(node.children for node in result.nodes if node.code == TOTAL)
    shown = {*children, *view_codes(result)}
    return [node for node in result if node in shown]
