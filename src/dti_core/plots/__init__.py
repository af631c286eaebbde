"""Pictures of answers, with matplotlib (the extra ``plots``): a function for each, ``plots.movement(answer)``.

Each draws on the axes given, or on a figure of its own that pyplot knows nothing of, and returns the axes:
``plots.tree(rubric).figure.savefig("tree.pdf")``. More units than a page takes are drawn page by page.
"""

from dti_core.plots.bump import movement
from dti_core.plots.heat import heatmap
from dti_core.plots.icicle import tree

__all__ = ["heatmap", "movement", "tree"]


def __dir__() -> list[str]:
    return __all__
