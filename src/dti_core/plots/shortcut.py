"""Which picture shows what: ``answer.plot()`` asks here."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dti_core import analysis
from dti_core.errors import InvalidArgument
from dti_core.plots.bump import history, movement
from dti_core.plots.dumbbell import stages
from dti_core.plots.heat import heatmap
from dti_core.plots.icicle import tree
from dti_core.plots.intervals import rank_intervals
from dti_core.plots.ranges import profile
from dti_core.plots.waterfall import change
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.words import PICTURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PICTURE_OF: Mapping[type, Callable[..., "Axes"]] = {
    analysis.CertainRanks: rank_intervals,
    analysis.Change: change,
    analysis.History: history,
    analysis.Movement: movement,
    analysis.Profile: profile,
    analysis.RankIntervals: rank_intervals,
    analysis.StageComparison: stages,
    Result: heatmap,
    Rubric: tree,
}


def plot(shown: object, ax: "Axes | None", options: Mapping[str, Any]) -> "Axes":
    """The picture of what is shown; refuses what has none."""
    picture = next((draw for kind, draw in PICTURE_OF.items() if isinstance(shown, kind)), None)
    if picture is None:
        kinds = ", ".join(kind.__name__ for kind in PICTURE_OF)
        raise InvalidArgument(PICTURES("none", kind=type(shown).__name__, kinds=kinds))
    return picture(shown, ax, **options)
