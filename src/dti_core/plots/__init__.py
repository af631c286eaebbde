"""Pictures of answers, with matplotlib (the extra ``plots``): a function for each, ``plots.movement(answer)``.

Each draws on the axes given, or on a figure of its own that pyplot knows nothing of, and returns the axes:
``plots.tree(rubric).figure.savefig("tree.pdf")``. More rows than a page takes are drawn page by page.
"""

from dti_core.plots.bump import history, movement
from dti_core.plots.dumbbell import stages
from dti_core.plots.heat import heatmap
from dti_core.plots.icicle import tree
from dti_core.plots.intervals import rank_intervals
from dti_core.plots.ranges import profile
from dti_core.plots.stack import contributions
from dti_core.plots.waterfall import change

__all__ = [
    "change",
    "contributions",
    "heatmap",
    "history",
    "movement",
    "profile",
    "rank_intervals",
    "stages",
    "tree",
]


def __dir__() -> list[str]:
    return __all__
