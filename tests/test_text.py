"""Codes can be seen, and text can be shown and written."""

import re
import unicodedata

import pytest

import dti_core as dti


def unseen() -> list[str]:
    """Signs that Unicode's own names, or its class of formats, call invisible."""
    names = (
        r"HANGUL .*FILLER|VARIATION SELECTOR|GRAPHEME JOINER|VOWEL INHERENT|BRAILLE PATTERN BLANK|ZERO WIDTH"
    )
    signs = map(chr, range(0x110000))
    return [
        sign
        for sign in signs
        if unicodedata.category(sign) == "Cf" or re.search(names, unicodedata.name(sign, ""))
    ]


def test_codes_can_be_seen() -> None:
    """A code with a sign that shows nothing is refused, so that no two codes look alike; letters are not."""
    for sign in unseen():
        with pytest.raises(dti.InvalidDocument, match=r"\$\.code: "):
            dti.Index(f"1{sign}", "x", 3)
    for code in ("Huế", "1.10", "Ba Tơ", "đ\u0301", "học⠓", "한", "நி"):
        assert dti.Index(code, "x", 3).code == unicodedata.normalize("NFC", code)


@pytest.mark.parametrize(
    "text", ["", " ", "\u3164", "\u200b \ufeff", "a\x00", "\x1b[31m", "a\x85b", "\ud800"]
)
def test_text_can_be_shown_and_written(text: str) -> None:
    """Text of nothing that can be seen, or with what no spreadsheet holds, is refused wherever text is given."""
    for make in (lambda: dti.Label(text), lambda: dti.Unranked("lý do", text), lambda: dti.Decision(text)):
        with pytest.raises(dti.InvalidDocument, match=r"is empty|holds"):
            make()


def test_text_may_break_lines() -> None:
    """Line breaks and tabs stay, and so do turns of direction, which whatever shows the text makes harmless."""
    for text in ("Điều 5\nkhoản 2", "a\tb", "\u202eA\u202c"):
        assert dti.Label(text).vi == text
