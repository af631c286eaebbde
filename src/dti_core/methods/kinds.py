"""The face of the methods; importing this makes the classes of the library's kinds, and registers them."""

from dti_core.methods.composed import BestOf, Part, Parts, WorstOf
from dti_core.methods.method import KINDS, Given, Input, Method, Takes, Told, built_in, register
from dti_core.methods.quantity import Quantity, Ratio, Target
from dti_core.methods.relative import Relative
from dti_core.methods.simple import Choice, Count, Deduct, Direct, Scale, YesNo
from dti_core.methods.tiers import Tier, Tiers

__all__ = [
    "KINDS",
    "BestOf",
    "Choice",
    "Count",
    "Deduct",
    "Direct",
    "Given",
    "Input",
    "Method",
    "Part",
    "Parts",
    "Quantity",
    "Ratio",
    "Relative",
    "Scale",
    "Takes",
    "Target",
    "Tier",
    "Tiers",
    "Told",
    "WorstOf",
    "YesNo",
    "register",
]

built_in(Direct, YesNo, Choice, Ratio, Tiers, Count, Parts, BestOf, WorstOf, Relative, Scale, Target, Deduct)
