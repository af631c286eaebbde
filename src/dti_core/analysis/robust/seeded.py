"""Random numbers that a seed gives again, on every machine and with every version of numpy."""

from typing import Any

import attrs
import numpy as np

from dti_core.analysis.doors import whole
from dti_core.answer import Floats

MOST_SEED = 2**128 - 1
TAIL = 11
UNIT = 2.0**-53


@attrs.frozen(eq=False)
class Seeded:
    """A stream of random numbers."""

    # numpy promises the stream of a bit generator, not what Generator makes of it (NEP 19).
    bits: np.random.PCG64

    @classmethod
    def of(cls, seed: Any) -> "Seeded":
        """The stream of a seed."""
        return cls(np.random.PCG64(whole("seed", seed, 0, MOST_SEED)))

    def shares(self, *shape: int) -> Floats:
        """Numbers from 0 up to 1, without it."""
        raw = self.bits.random_raw(int(np.prod(shape)))
        return np.asarray((np.asarray(raw) >> np.uint64(TAIL)) * UNIT, dtype=np.float64).reshape(shape)
