"""Exact numbers as Vietnamese and English write them; the machine's locale has no say."""

from fractions import Fraction

from dti_core.errors import Language
from dti_core.exact import round_fraction

SWAPPED = str.maketrans(",.", ".,")
LONGEST = 9
CUT = 4
ABOUT = 6
SHORT = 9


def fixed(value: Fraction, decimals: int, language: Language) -> str:
    """The number rounded half up to so many decimals.

    >>> fixed(Fraction("1234.5"), 2, "vi"), fixed(Fraction("1234.5"), 2, "en")
    ('1.234,50', '1,234.50')
    """
    unit = 10**decimals
    whole, rest = divmod(round_fraction(abs(value) * unit, "half_up"), unit)
    text = f"{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "")
    return ("−" if value < 0 else "") + (text.translate(SWAPPED) if language == "vi" else text)


def decimals_of(value: Fraction) -> int | None:
    """How many decimals write the number exactly; None where none do, or too many."""
    return next(
        (count for count in range(LONGEST + 1) if 10**count % value.denominator == 0),
        None,
    )


def number(value: Fraction, language: Language) -> str:
    """The number written out, or cut off with "…" where it does not end.

    >>> number(Fraction("44.40625"), "vi"), number(Fraction(125, 3), "vi")
    ('44,40625', '41,6666…')
    """
    decimals = decimals_of(value)
    if decimals is not None:
        return fixed(value, decimals, language)
    sign = -1 if value < 0 else 1
    cut = Fraction(round_fraction(abs(value) * 10**CUT, "down"), 10**CUT)
    return fixed(sign * cut, CUT, language) + "…"


def about(value: Fraction, language: Language) -> str:
    """The number after its sign: equal where it ends, about equal where it does not.

    >>> about(Fraction("88.8125"), "vi"), about(Fraction(200, 3), "vi")
    ('= 88,8125', '≈ 66,666667')
    """
    decimals = decimals_of(value)
    sign, shown = ("≈", ABOUT) if decimals is None else ("=", decimals)
    return f"{sign} {fixed(value, shown, language)}"


def equals(value: Fraction, language: Language) -> str:
    """The same, with the fraction where the number does not end and the fraction is short.

    >>> equals(Fraction(125, 3), "en")
    '= 125/3 ≈ 41.666667'
    """
    fraction = f"{value.numerator}/{value.denominator}"
    told = about(value, language)
    return f"= {fraction} {told}" if told[0] == "≈" and len(fraction) <= SHORT else told
