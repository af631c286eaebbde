"""``python benchmarks/draw.py`` measures the growth curves and draws docs/_static/growth.svg."""

import argparse
import os
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"  # read when numpy is first imported

import matplotlib as mpl  # noqa: E402
import matplotlib.pyplot as plt  # noqa: E402
from growth import AXES, UNITS, measure  # noqa: E402

PICTURE = Path(__file__).parents[1] / "docs" / "_static" / "growth.svg"


def main() -> None:
    """A panel for each axis: milliseconds of the base and of dti_core."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2, help="to spend on each point")
    parser.add_argument("--picture", type=Path, default=PICTURE)
    given = parser.parse_args()
    mpl.rcParams |= {"svg.hashsalt": "growth", "svg.fonttype": "none"}
    figure, panels = plt.subplots(1, len(AXES), figsize=(12, 3), layout="constrained", sharey=True)
    for panel, axis in zip(panels, AXES, strict=True):
        curve = measure(axis, given.seconds)
        panel.loglog(curve.sizes, [time * 1e3 for time in curve.base], "o-", ms=3, label="X @ w, rankdata")
        panel.loglog(curve.sizes, [time * 1e3 for time in curve.dti_core], "s-", ms=3, label="dti_core")
        panel.set_title(axis if axis == "units" else f"{axis} ({UNITS:,} units)", fontsize="medium")
        panel.minorticks_off()
        panel.grid(visible=True, alpha=0.3)
    panels[0].set_ylabel("milliseconds")
    panels[0].legend(fontsize="small")
    figure.savefig(given.picture, metadata={"Date": None} if given.picture.suffix == ".svg" else None)


if __name__ == "__main__":
    main()
