"""How much the oracles have looked at, told at the end of a run."""

from collections import Counter

tallied: Counter[str] = Counter()
"""What was looked at → how often: a cell is one value of one unit at one node."""
