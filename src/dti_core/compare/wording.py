"""Changes of a rubric in words."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from dti_core.terms import Label, Language
from dti_core.words.numbers import number

LONGEST = 80


def shown(value: Any, language: Language) -> str:
    """A value on one line, cut where it is long."""
    if value is None or value in ((), {}):
        return "—"
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    if isinstance(value, Decimal | int):
        return number(Fraction(value), language)
    if isinstance(value, Label):
        return shown(value.text(language), language)
    if isinstance(value, tuple):
        text = ", ".join(shown(each, language) for each in value)
    elif attrs.has(type(value)):
        given = {name.rstrip("_"): each for name, each in attrs.asdict(value, recurse=False).items()}
        text = ", ".join(
            f"{name} {shown(each, language)}" for name, each in given.items() if each is not None
        )
    elif isinstance(value, Mapping):
        text = "; ".join(f"{name}: {shown(each, language)}" for name, each in value.items())
    else:
        text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def word(key: str, language: Language) -> str:
    """The word for a kind of change, a part or a field; what has none speaks for itself."""
    vi, en = WORDS.get(key, (key, key))
    return vi if language == "vi" else en


WORDS = {
    "added": ("thêm", "added"),
    "removed": ("bỏ", "removed"),
    "moved": ("chuyển từ", "moved from"),
    "reweighted": ("điểm tối đa", "maximum"),
    "renamed": ("đổi tên", "renamed"),
    "leaf": ("chỉ số được chấm", "leaf"),
    "component": ("chỉ số thành phần", "component"),
    "index": ("chỉ số chính", "index"),
    "total": ("tổng điểm", "total"),
    "group": ("nhóm chỉ số", "group"),
    "pillar": ("trụ cột", "pillar"),
    "rule": ("quy tắc không đánh giá", "exclusion rule"),
    "block": ("khối", "block"),
    "band": ("mức xếp loại", "band"),
    "attribute": ("thuộc tính", "attribute"),
    "policy": ("cách tính", "policy"),
    "rubric": ("bộ chỉ số", "rubric"),
    "role": ("vai trò", "role"),
    "marked": ("được chấm trực tiếp", "marked directly"),
    "members": ("gồm", "members"),
    "when": ("áp dụng khi", "when"),
    "treatment": ("cách xử lý", "treatment"),
    "by": ("thay bằng", "replaced by"),
    "reason": ("lý do", "reason"),
    "basis": ("căn cứ", "basis"),
    "ranked": ("được xếp hạng", "ranked"),
    "at_least": ("từ (%)", "at least (%)"),
    "declaration": ("khai báo", "declaration"),
    "renormalise": ("quy đổi điểm", "renormalise"),
    "missing": ("chưa chấm", "missing"),
    "min_coverage": ("tỷ lệ chấm tối thiểu", "min_coverage"),
    "exceed_maximum": ("được vượt điểm tối đa", "exceed_maximum"),
    "publish.as": ("dạng công bố", "publish.as"),
    "publish.decimals": ("số chữ số thập phân", "publish.decimals"),
    "publish.rounding": ("làm tròn", "publish.rounding"),
    "decide_on": ("xếp hạng theo", "decide_on"),
    "ties": ("đồng hạng", "ties"),
    "tie_break": ("phân định đồng điểm", "tie_break"),
    "code": ("mã", "code"),
    "edition": ("lần ban hành", "edition"),
    "period": ("kỳ", "period"),
    "decision": ("quyết định", "decision"),
    "mark_decimals": ("số chữ số thập phân của điểm", "mark_decimals"),
    "custom": ("dữ liệu riêng", "custom"),
    "yes": ("có", "yes"),
    "no": ("không", "no"),
    "same": ("Không có thay đổi.", "Nothing has changed."),
    "comparable": ("Điểm so sánh được với nhau.", "Scores are comparable."),
    "incomparable": ("Điểm không so sánh được với nhau.", "Scores are not comparable."),
}
