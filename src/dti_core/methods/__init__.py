"""Scoring methods: the frozen kinds by which measured values become points.

They are made when one is first asked for: that takes a quarter of importing dti_core, and few rubrics have them.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dti_core.methods.kinds import *  # noqa: F403
    from dti_core.methods.kinds import __all__ as __all__
else:

    def __getattr__(name: str) -> object:
        from importlib import import_module

        kinds = import_module("dti_core.methods.kinds")
        shown = {each: getattr(kinds, each) for each in ("__all__", *kinds.__all__)}
        if name not in shown:
            raise AttributeError(f"module 'dti_core.methods' has no attribute {name!r}")
        globals().update(shown)
        return shown[name]

    def __dir__() -> list[str]:
        return __getattr__("__all__")
