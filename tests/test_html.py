"""What notebooks and pages show of whatever the library makes, in either language."""

import re
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, TypeVar

import pytest
from gate_doors import DOORS
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from strategies import documents, rubrics
from strategies_decisions import decided_sums

import dti_core as dti
from dti_core import notebook
from dti_core.analysis import Standing, movement, progress
from dti_core.answer import Answer
from dti_core.assessment import Assessment, Assessments, Cycle
from dti_core.errors import Language
from dti_core.notebook.html import STYLE
from dti_core.words import Catalogue
from dti_core.words.display import Displayed

Thing = TypeVar("Thing")
TAGS = {"bdi", "br", "div", "li", "ol", "p", "small", "span", "strong", "style", "sup"} | {
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
}
ATTRIBUTES = {"aria-hidden", "class", "colspan", "lang", "scope", "style"}
ALLOWED = re.compile(
    r"^((font-weight:600;|min-width:14em;)?text-align:(left|right)|overflow-x:auto|color:#d9600d;font-weight:600"
    r"|background-color:rgba\(128,128,128,0\.\d+\);display:block;height:(0\.5em|100%);width:(6em|\d+\.\d%)"
    r"|display:block;padding-left:\d+em;text-indent:-\d+em)$"
)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202egnp.cod\u2066",
    "</bdi></td></table><style>*{display:none}</style>",
    "&lt;b&gt; & ' \t[31m",
    "x" * 4_990,
)


def words_of(text: str) -> set[str]:
    """The words of a text that are long enough to tell languages apart."""
    return {*re.findall(r"\w{3,}", text.lower())}


def words_in(language: Language) -> set[str]:
    """Every word that the library says in a language."""
    catalogues = (Catalogue(file.stem) for file in Path(dti.__file__).parent.glob("words/*.json"))
    return {
        word
        for catalogue in catalogues
        for phrase in catalogue.values()
        for word in words_of(re.sub("{.*?}", "", phrase.text(language)))
    }


ENGLISH = words_in("en") - words_in("vi")


def foreign_in(text: str, language: Language) -> list[str]:
    """The words of a text that are the other language's: with letters of Vietnamese, or known in English alone."""
    if language == "vi":
        return [*(words_of(text) & ENGLISH)]
    return re.findall(r"\w*[À-ÖØ-öø-ɏḀ-ỿ]\w*", text)


class Page(HTMLParser):
    """A page as a reader sees it: the text of rows and paragraphs; every tag must be closed where it belongs."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.styles: list[str] = []
        self.isolated: list[str] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self.said = ""
        self.feed(shown)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what was opened."""
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.styles += [value or "" for name, value in attrs if name == "style"]
        if tag == "br":
            self.handle_data("\n")
            return
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "bdi":
            self.isolated.append("")

    def handle_endtag(self, tag: str) -> None:
        """Check that it closes what was opened last."""
        assert self.open.pop() == tag
        if tag in ("p", "li", "tr"):
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        """Text goes to its cell."""
        if "style" in self.open:
            return
        self.text += data
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data
        if "bdi" in self.open:
            self.isolated[-1] += data
        else:
            self.said += f" {data} "


def shown(thing: Any) -> Page:
    """What a notebook shows of it, held to what every page promises: the same in either language, and safe."""
    pages: dict[Language, Page] = {language: Page(thing.to_html(language)) for language in ("vi", "en")}
    assert [*map(len, pages["vi"].rows)] == [*map(len, pages["en"].rows)]
    for language, page in pages.items():
        assert foreign_in(page.said, language) == []
        assert page.tags <= TAGS
        assert page.attributes <= ATTRIBUTES
        assert all(map(ALLOWED.match, page.styles))
    return Page(thing._repr_html_())


def provinces() -> dti.Result:
    """The bundled example, of published figures."""
    rubric = dti.load_rubric("vn-922-province")
    source = Path(str(files("dti_core"))) / "examples" / "vn-922-province-2022.json"
    return dti.evaluate(rubric, dti.load_marks(source, rubric))


def simple(**others: Any) -> dti.Rubric:
    """Two indices, the second of two components."""
    parts = [dti.Component("2.1", "Hồ sơ", 10), dti.Component("2.2", "Thanh toán", 10)]
    indices = [dti.Index("1", "Nhận thức số", 30), dti.Index("2", "Dịch vụ công", components=parts)]
    return dti.Rubric("demo", "Ví dụ", indices, **others)


def many(count: int, **others: Any) -> dti.Result:
    """Units u0, u1 …, each with a little less than the one before."""
    rubric = dti.Rubric("many", "Nhiều đơn vị", [dti.Index("1", "Điểm", 10_000)], **others.pop("rubric", {}))
    units = [f"u{at}" for at in range(count)]
    marks = dti.MarkSheet.from_array([[count - at] for at in range(count)], rubric, units=units, **others)
    return dti.evaluate(rubric, marks)


def hue(treatment: Literal["skip", "full_marks"] = "skip") -> dti.Result:
    """Huế 2020: 2 of 50 points do not apply; how the marks divide into 1 and 2 is made up."""
    rubric = dti.Rubric("hue", "Sẵn sàng", [dti.Index("1", "Chung", 48), dti.Index("2", "Riêng", 2)])
    decision = dti.Exclusion(
        members=["2"], units=["hue"], treatment=treatment, reason="Không áp dụng", basis="3402/QĐ-UBND"
    )
    table = {"unit": ["phong-dien", "hue"], "1": [41.51, 42.63], "2": [2, None]}
    return dti.evaluate(rubric, dti.MarkSheet.from_table(table, rubric, exclusions=[decision]))


def test_a_result_is_ranked_with_pillars_and_their_own_ranks() -> None:
    """The five provinces of DTI 2022 stand in rank order, as dti.gov.vn prints them but for the known last digit."""
    page = shown(provinces())
    assert [row[:3] for row in page.rows[1:]] == [
        ["1", "TP. Đà Nẵng da-nang", "0,8002"],
        ["2", "TP. Hồ Chí Minh ho-chi-minh", "0,7164"],
        ["3", "Quảng Ninh quang-ninh", "0,7024"],
        ["4", "Thừa Thiên - Huế thua-thien-hue", "0,6975"],
        ["5", "TP. Cần Thơ can-tho", "0,6924"],
    ]
    assert page.rows[1][4:] == ["800,175 / 1.000", "0,8638 (1)", "0,8473 (1)", "0,7864 (1)"]
    assert page.rows[2][5:] == ["0,7833 (3)", "0,7606 (3)", "0,6678 (3)"]
    shares = [style.rpartition(";")[2] for style in page.styles if style.endswith("%")]
    assert shares == ["width:80.0%", "width:71.6%", "width:70.2%", "width:69.8%", "width:69.2%"]


def test_an_exclusion_is_marked_beside_the_unit_and_explained_below() -> None:
    """Huế's 42,63 / 48 is 44,41, with a note that says what was not assessed, why and by which decision."""
    page = shown(hue())
    first, second = page.rows[1], page.rows[2]
    assert (first[:3], first[4], first[-1]) == (["1", "hue", "44,41"], "42,63 / 48", "2 1")
    assert (second[:3], second[4], second[-1]) == (["2", "phong-dien", "43,51"], "43,51 / 50", "")
    assert "2 không đánh giá: Không áp dụng (3402/QĐ-UBND)" in page.text
    assert "2 tính đủ điểm: Không áp dụng (3402/QĐ-UBND)" in shown(hue("full_marks")).text


def test_blocks_stand_one_after_another_and_the_unranked_last() -> None:
    """Each block is a ranking of its own; a unit set aside is below them all, with the reason."""
    blocks = [
        dti.Block("b", "Khối B", when={"kind": "b"}),
        dti.Block("a", "Khối A", when={"kind": "a"}),
        dti.Block("c", "Khối C", when={"kind": "c"}, ranked=False),
    ]
    page = shown(
        many(
            6,
            rubric={"blocks": blocks, "attributes": {"kind": {"type": "string"}}},
            attributes={"kind": ["a", "b", "a", "c", "b", "a"]},
            unranked={"u0": dti.Unranked("Mới thành lập", "Điều 8")},
        )
    )
    assert [row[:2] if len(row) > 1 else row[0] for row in page.rows[1:]] == [
        "Khối B · 2 đơn vị",
        ["1", "u1"],
        ["2", "u4"],
        "Khối A · 2 đơn vị",
        ["1", "u2"],
        ["2", "u5"],
        "Không xếp hạng · 2 đơn vị",
        ["–", "u0\nMới thành lập (Điều 8)"],
        ["–", "u3\nkhối Khối C không xếp hạng"],
    ]


def test_bands_bonus_and_missing_marks_have_columns_where_they_exist() -> None:
    """Grade, bonus less penalty, and how much is marked are shown as soon as one unit has them."""
    extra = [dti.Component("3.1", "Cộng", 2, role="bonus"), dti.Component("3.2", "Trừ", 2, role="penalty")]
    indices = [*simple().indices, dti.Index("3", "Cộng, trừ", components=extra)]
    bands = [dti.Band("good", "Tốt", 80), dti.Band("weak", "Yếu", 0)]
    rubric = dti.Rubric("demo", "Ví dụ", indices, bands=bands)
    nan = float("nan")
    marks = dti.MarkSheet.from_array(
        [[30.0, 10.0, 10.0, nan, 1.5], [20.0, 5.0, nan, 1.0, nan]], rubric, units=["a", "b"]
    )
    head, first, second = shown(dti.evaluate(rubric, marks)).rows
    assert head[4:6] + head[-2:] == [
        "Xếp loại",
        "Điểm / tối đa áp dụng",
        "Cộng, trừ",
        "Đã chấm",
    ]
    assert (first[:2], first[4:6], first[-2:]) == (["1", "a"], ["Tốt", "50 / 50"], ["−1,5", "100%"])
    assert (second[:2], second[4:6], second[-2:]) == (["2", "b"], ["Yếu", "25 / 50"], ["+1,0", "80,0%"])


def test_a_sheet_tells_zero_from_missing_from_not_assessed() -> None:
    """0 is a mark; a leaf nobody marked is missing; one that is not assessed or counts in full is neither."""
    nan = float("nan")
    skip = dti.Exclusion(members=["2"], units=["d"], treatment="skip", reason="Không có", basis="QĐ 1")
    full = dti.Exclusion(members=["2.1"], units=["e"], treatment="full_marks", reason="Đã họp", basis="QĐ 2")
    marks = dti.MarkSheet.from_array(
        [[0.0, 0.0, 0.0], [nan, 4.25, nan], [12.0, nan, nan], [30.0, nan, nan], [30.0, nan, 5.0]],
        simple(),
        units=["a", "b", "c", "d", "e"],
        exclusions=(skip, full),
    )
    page = shown(marks)
    assert page.rows[1:] == [
        ["Cả bảng", "3/5 đơn vị đủ", "thiếu 1", "thiếu 3"],
        ["a", "3/3", "0", "0,00"],
        ["b", "1/3", "chưa chấm", "4,25\nthiếu 1/2"],
        ["c", "1/3", "12", "chưa chấm"],
        ["d", "1/1", "30", "không đánh giá"],
        ["e", "2/2", "30", "15,00\n1/2 tính đủ điểm"],
    ]


def test_a_long_result_shows_the_best_and_says_how_many_more() -> None:
    """Of 200 units 60 are shown, and the line below counts the other 140."""
    page = shown(many(200))
    assert [row[1] for row in page.rows[1:61]] == [f"u{at}" for at in range(60)]
    assert page.rows[61:] == [["… còn 140 đơn vị không hiện ở đây"]]


def test_blocks_share_the_room_of_a_long_result() -> None:
    """A large block does not crowd out a small one: all of the small one is shown."""
    blocks = [dti.Block(code, f"Khối {code}", when={"kind": code}) for code in ("big", "small")]
    kinds = ["big"] * 190 + ["small"] * 10
    rules = {"blocks": blocks, "attributes": {"kind": {"type": "string"}}}
    page = shown(many(200, rubric=rules, attributes={"kind": kinds}))
    units = [row[1] for row in page.rows[1:] if len(row) > 1]
    assert units == [f"u{at}" for at in (*range(50), *range(190, 200))]
    assert ["… còn 140 đơn vị không hiện ở đây"] in page.rows


def test_wide_and_many_are_cut_too() -> None:
    """Of 70 blocks and 14 indices, 60 and 8 have room in a result, 12 in a sheet; the others are counted."""
    blocks = [dti.Block(f"b{at}", f"Khối {at}", when={"unit": f"u{at}"}) for at in range(70)]
    indices = [dti.Index(str(at), f"Chỉ số {at}", 5) for at in range(14)]
    rubric = dti.Rubric("wide", "Rộng", indices, blocks=blocks)
    marks = dti.MarkSheet.from_array([[1] * 14] * 70, rubric, units=[f"u{at}" for at in range(70)])
    rows = shown(dti.evaluate(rubric, marks)).rows
    assert (len(rows[0]), len(rows)) == (5 + 8, 1 + 2 * 60 + 2)
    assert rows[-2:] == [["… còn 10 khối không hiện ở đây"], ["… còn 6 cột điểm thành phần không hiện ở đây"]]
    rows = shown(marks).rows
    assert (len(rows[0]), rows[-1]) == (2 + 12, ["… còn 2 chỉ số chính không hiện ở đây"])


def test_a_long_sheet_shows_the_units_that_lack_marks_first() -> None:
    """The one gap among 500 units is in sight, and counted."""
    marks = [[1.0, 2.0, 3.0] for _ in range(500)]
    marks[444][1] = float("nan")
    page = shown(dti.MarkSheet.from_array(marks, simple(), units=[f"u{at}" for at in range(500)]))
    assert page.rows[1] == ["Cả bảng", "499/500 đơn vị đủ", "", "thiếu 1"]
    assert page.rows[2] == ["u444", "2/3", "1", "3\nthiếu 1/2"]
    assert [row[0] for row in page.rows[3:62]] == [f"u{at}" for at in range(59)]
    assert page.rows[62][0].startswith("… còn 440 đơn vị")


def test_a_rubric_is_a_tree_with_maxima_sets_rules_blocks_and_bands() -> None:
    """Everything that decides a score can be read off: roles, who is in what, who is not assessed on what and why."""
    stand_by = dti.Component("2.3", "Dự phòng", 10, role="standby")
    bonus = dti.Index("3", dti.Label("Thưởng", "Bonus"), 1.5, role="bonus")
    first, second = simple().indices
    rule = dti.ExclusionRule(
        code="r",
        when={"level": dti.Condition(not_="huyện"), "staff": {"minimum": 5, "exclusiveMaximum": 7.5}},
        members=["2.1"],
        treatment="substitute",
        by="2.3",
        reason="Không có thủ tục",
        basis="Điều 5",
    )
    rubric = dti.Rubric(
        "demo",
        "Ví dụ",
        [first, dti.Index("2", second.title, components=[*second.components, stand_by]), bonus],
        pillars=[dti.Pillar("government", "Chính quyền số", ["1", "2"])],
        attributes={"level": {"type": "string"}, "staff": {"type": "number"}},
        exclusions=[rule],
        blocks=[dti.Block("all", "Tất cả", when={"level": {"enum": ["sở", "huyện"]}}, ranked=False)],
        bands=[dti.Band("good", "Tốt", 80), dti.Band("weak", "Yếu", 0)],
        policy=dti.Policy(tie_break=["1"], min_coverage=0.5, publish=dti.Publish("percent", 1, "down")),
    )
    page = shown(rubric)
    rows = [[cell.strip() for cell in row] for row in page.rows]
    assert ["1", "Nhận thức số", "30,0", ""] in rows
    assert ["2", "Dịch vụ công", "20,0", ""] in rows
    assert ["2.3", "Dự phòng · dự phòng", "10,0", ""] in rows
    assert ["3", "Thưởng · điểm thưởng", "+1,5", ""] in rows
    assert ["Chính quyền số", "1, 2", "50"] in rows
    when = "level không = huyện; staff ≥ 5; staff < 7,5"
    assert ["2.1 thay thế bằng 2.3", when, "Không có thủ tục (Điều 5)"] in rows
    assert ["Tất cả", "level là sở hoặc huyện", "Không xếp hạng"] in rows
    assert "Tốt từ 80% · Yếu từ 0%" in page.text
    assert "công bố phần trăm, 1 chữ số thập phân, làm tròn xuống" in page.text
    assert "bằng điểm thì xét 1 · xếp hạng khi đã chấm từ 50%" in page.text


def test_a_band_says_how_many_it_takes() -> None:
    """A quota stands beside the threshold, as a part of the units or as a number of them."""
    bands = [
        dti.Band("a", "Tốt", 80, quota=dti.Quota(percent=25)),
        dti.Band("b", "Khá", 50, quota=dti.Quota(count=3)),
        dti.Band("c", "Yếu", 0),
    ]

    assert "Tốt từ 80%, tối đa 25% số đơn vị · Khá từ 50%, tối đa 3 đơn vị" in shown(simple(bands=bands)).text


def test_a_large_rubric_keeps_its_indices_and_leaves_out_the_deepest_level() -> None:
    """Of 10 indices with 30 components each, the indices are shown and the 300 components counted."""
    indices = [
        dti.Index(
            str(at), f"Chỉ số {at}", components=[dti.Component(f"{at}.{c}", "Phần", 1) for c in range(30)]
        )
        for at in range(10)
    ]
    rows = shown(dti.Rubric("large", "Lớn", indices)).rows
    assert [row[0] for row in rows[1:11]] == [str(at) for at in range(10)]
    assert rows[11] == ["… còn 300 chỉ số thành phần không hiện ở đây"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_explanation_says_what_its_text_says(language: Language) -> None:
    """Its lines are those that ``print`` prints, up to what goes node by node."""
    explanation = hue().explain("hue", language=language)
    page = shown(explanation)
    *story, _ = str(explanation).split("\n\n")
    told = [" ".join(line.split()) for block in story for line in block.splitlines()]
    assert [" ".join(line.split()) for line in page.text.splitlines()][: len(told)] == told
    assert f'lang="{language}"' in explanation._repr_html_()


def test_a_long_explanation_says_how_many_lines_are_left_out() -> None:
    """Of 50 leaves that are not assessed, three lines on each, 40 are told and 30 lines counted."""
    indices = [dti.Index(f"{at}", "Mục", 1) for at in range(51)]
    skipped = [
        dti.Exclusion(members=[f"{at}"], treatment="skip", reason=f"Lý do {at}", basis="3402/QĐ-UBND")
        for at in range(50)
    ]
    rubric = dti.Rubric("long", "Dài", indices)
    marks = dti.MarkSheet.from_array([[1] * 51], rubric, units=["a"], exclusions=skipped)
    page = shown(dti.evaluate(rubric, marks).explain("a"))

    assert "Lý do 39" in page.text
    assert "Lý do 40" not in page.text
    assert "… còn 30 dòng" in page.text


def readiness() -> dti.Explanation:
    """Huế 2020 as in the guide to explanations: the sums are printed, leaves and their marks made up."""
    leaves = {"1": [("1.1", 12), ("1.2", 12), ("1.3", 2)], "2": [("2.1", 10), ("2.2", 14)], "T": [("T.1", 3)]}
    role: dict[str, Any] = {"T.1": {"role": "bonus"}}
    indices = [
        dti.Index(index, f"Mục {index}", components=[
            dti.Component(code, f"Phần {code}", maximum, **role.get(code, {})) for code, maximum in parts])
        for index, parts in leaves.items()
    ]  # fmt: skip
    skip = dti.Exclusion(members=["1.3"], treatment="skip", reason="Không áp dụng", basis="3402/QĐ-UBND")
    marks = dti.MarkSheet.from_array(
        [[11.5, 9.13, None, 9, 13, 1.5]],
        dti.Rubric("hue", "Sẵn sàng", indices),
        units=["tp-hue"],
        unit_exclusions={"tp-hue": [skip]},
    )
    return dti.evaluate(marks.rubric, marks).explain("tp-hue")


def test_an_explanation_draws_what_was_lost() -> None:
    """Node by node the points earned, the applicable maximum and what is between them, in line, as a part of all lost.

    Of 48 points 42.63 were earned: 5.37 are lost, 3.37 of them in 1 and 2.87 of these in 1.2; 3.37 / 5.37 is 62.8 %.
    """
    page = shown(readiness())
    rows = [[cell.strip() for cell in row] for row in page.rows]
    assert rows == [
        ["Chỉ số", "Điểm đạt", "Tối đa áp dụng", "Điểm mất", "", "Lưu ý"],
        ["Tổng điểm", "42,63", "48", "5,37", "", ""],
        ["1 Mục 1", "20,63", "24", "3,37", "", ""],
        ["1.1 Phần 1.1", "11,50", "12", "0,50", "", ""],
        ["1.2 Phần 1.2", "9,13", "12", "2,87", "", ""],
        ["1.3 Phần 1.3", "–", "–", "–", "", "không đánh giá"],
        ["2 Mục 2", "22,00", "24", "2,00", "", ""],
        ["2.1 Phần 2.1", "9,00", "10", "1,00", "", ""],
        ["2.2 Phần 2.2", "13,00", "14", "1,00", "", ""],
        ["Mục T (T)", "+1,50", "–", "–", "", "1,5 điểm thưởng"],
        ["Phần T.1 (T.1)", "+1,50", "–", "–", "", "1,5 điểm thưởng"],
    ]
    widths = [style.rpartition("width:")[2] for style in page.styles if style.endswith("%")]
    assert widths == ["100.0%", "62.8%", "9.3%", "53.4%", "37.2%", "18.6%", "18.6%"]


@pytest.mark.parametrize(
    "text", HOSTILE, ids=["script", "image", "right-to-left", "closing", "entities", "long"]
)
def test_hostile_text_stays_text(text: str) -> None:
    """Titles, names, reasons, legal bases and attribute values are shown escaped, isolated and cut."""
    label = dti.Label(text, text)
    rule = dti.ExclusionRule(
        code="r", when={"kind": text}, members=["2.1"], treatment="skip", reason=label, basis=text
    )
    parts = [dti.Component("2.1", label, 10), dti.Component("2.2", label, 10)]
    rubric = dti.Rubric(
        "demo",
        label,
        [dti.Index("1", label, 30), dti.Index("2", label, components=parts)],
        period=text,
        decision=dti.Decision(text, issuer=text),
        groups=[dti.Group("g", label, ["1", "2"])],
        pillars=[dti.Pillar("p", label, ["g"])],
        attributes={"kind": {"type": "string"}},
        exclusions=[rule],
        blocks=[dti.Block("b", label, when={"kind": text})],
        bands=[dti.Band("x", label, 0)],
    )
    marks = dti.MarkSheet.from_array(
        [[1.0, 2.0, 3.0], [float("nan"), 1.0, 1.0]],
        rubric,
        units=["a", "b"],
        names=(label, label),
        attributes={"kind": [text, text]},
        unranked={"b": dti.Unranked(label, text)},
    )
    result = dti.evaluate(rubric, marks)
    published, explanation = dti.load_result(dti.to_document(result)), result.explain("a")
    things: list[Any] = [rubric, marks, result, result.total, result.ranking(), published, explanation]
    for thing in (*things, assessed(text[:100].strip())):
        page = shown(thing)
        assert len(thing._repr_html_()) < 60_000
        assert not set(page.text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
        beginning = re.sub("[\x00\u202a-\u202e\u2066-\u2069]", "\ufffd", text)[:12]
        stray = page.text
        for isolated in page.isolated:
            stray = stray.replace(isolated, "", 1)
        assert beginning not in stray


def sound(read: Callable[..., Thing], *sources: Any) -> Thing:
    """What is read; a document that contradicts itself is no case."""
    try:
        return read(*sources)
    except dti.InvalidDocument:
        reject()


def adjusted() -> dti.Result:
    """Two units of a rubric with a gate, a cap, a penalty of a node's own and scales of marks."""
    parts = [
        dti.Component("1.1", "Họp", 20),
        dti.Component("1.2", "Chậm", 2, role="penalty", adjusts="1"),
    ]
    scaled = [dti.Component(code, "Mức", "20/3", mark_min=1, mark_max=5) for code in ("2.1", "2.2")]
    gate = [dti.NodeCondition("1.1", above=0, at_most="200/3")]
    indices = [
        dti.Index("1", "Nhận thức số", components=parts, zero_unless=gate),
        dti.Index("2", "Sẵn sàng", 10, components=scaled, cap=True),
    ]
    rubric = dti.Rubric("demo", "Ví dụ", indices)
    false = dti.Exclusion(members=["2.1"], treatment="zero", reason="Sai", basis="Điều 7")
    part = dti.Exclusion(members=["2.1"], treatment="reduce", to=4, reason="Một phần", basis="Điều 8")
    marks = dti.MarkSheet.from_array(
        [[12, 2, 5, 5], [20, 0, 3, 1]], rubric, units=["a", "b"], unit_exclusions={"a": [part], "b": [false]},
        stage="self",
    )  # fmt: skip
    return dti.evaluate(rubric, marks)


def test_what_nodes_are_worth_and_what_adjusts_them() -> None:
    """A rubric shows scales, caps, gates and where a penalty counts; a fraction is cut off, others keep in line."""
    rows = {row[0]: row[1:] for row in shown(adjusted().rubric).rows}

    assert rows["1"][0] == "Nhận thức số · 0 điểm nếu không đạt: 1.1 trên 0%, không quá 66,6666…%"
    assert rows["1.2"][0].strip() == "Chậm · điểm trừ · tính vào 1"
    assert rows["2"][0] == "Sẵn sàng · mức trần"
    assert rows["2.1"][0].strip() == "Mức · thang chấm 1–5"
    assert [rows[code][1] for code in ("1", "1.2", "2", "2.1")] == ["20", "−2", "10", "6,6666…"]


def test_what_caps_and_gates_took() -> None:
    """A result shows the points that a penalty, a cap and a gate took of each unit, and what was decided of marks."""
    result = adjusted()
    rows = shown(result).rows
    at = rows[0].index("Điều chỉnh")

    assert [row[at] for row in rows[1:]] == ["thưởng, trừ 1 −2; trần 2 −2", "điều kiện 1 −20"]
    assert "2.1 chỉ chấm đến 4: Một phần (Điều 8)" in shown(result).text
    assert "2.1 tính 0 điểm: Sai (Điều 7)" in shown(result).text
    assert shown(result.marks).rows[2][2:] == ["12", "12\n1/2 chỉ chấm đến"]


@settings(max_examples=25)
@given(rubrics())
def test_any_rubric_can_be_shown(document: dict[str, Any]) -> None:
    """Whatever the rubric, its page is well formed and names every index."""
    rubric = sound(dti.load_rubric, document)
    page = shown(rubric)
    assert {row[0] for row in page.rows} >= {index.code for index in rubric.indices[:60]}


@settings(max_examples=25)
@given(st.one_of(documents(), decided_sums()))
def test_any_marks_and_their_result_can_be_shown(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Whatever the marks, every unit of a short sheet has a row in both, and ranks never fall going down a block."""
    rubric = sound(dti.load_rubric, pair[0])
    marks = sound(dti.load_marks, pair[1], rubric)
    assert len(shown(marks).rows) >= 2 + len(marks.units)
    result = dti.evaluate(rubric, marks, dti.Policy(publish=dti.Publish("percent")))
    rows = shown(result).rows[1:]
    assert len([row for row in rows if len(row) > 1]) == len(marks.units)
    for above, below in pairwise(rows):
        if above[0].isdigit() and below[0].isdigit():
            assert int(above[0]) <= int(below[0])


def test_the_style_reaches_nothing_else_and_fits_light_and_dark() -> None:
    """Every rule begins with the frame's own class; nothing is loaded, and nothing is black or white for good."""
    selectors = re.findall(r"(?:^|})\s*([^{}]+){", STYLE)
    assert len(selectors) > 10
    assert all(selector.startswith(".dti-core") for selector in selectors)
    assert not re.search(r"url|@|expression|black|white[^-]|#(000|fff)", STYLE)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_scores_and_published_results_are_tables_of_their_columns(language: Literal["vi", "en"]) -> None:
    """A page in either language holds the cells of the ranking: of one node, or of all parts of a published total."""
    result = provinces()
    published = dti.load_result(dti.to_document(result))
    parts = [index.code for index in result.rubric.indices]
    total, with_parts = (result.ranking(language=language, nodes=nodes) for nodes in ((), parts))

    assert result.total.to_html(language) == total.to_html()
    assert published.to_html(language) == with_parts.to_html()
    columns = with_parts.columns(language)
    rows = [row[1:4] for row in Page(published.to_html(language)).rows[1:]]
    ranks = [f"{value} ({rank})" for value, rank in zip(columns["1.printed"], columns["1.rank"], strict=True)]
    assert rows == [list(row) for row in zip(columns["name"], columns["printed"], ranks, strict=True)]
    assert len(Page(result["1"]._repr_html_()).rows) == 1 + len(result.units)
    story = result.explain(result.units[0], language="vi")
    assert story.to_html(language) == result.explain(result.units[0], language=language)._repr_html_()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_measures_and_assessments_are_tables(language: Literal["vi", "en"]) -> None:
    """What was measured stands unit by unit, input by input; of assessments how far each has come."""
    scoring = [dti.methods.Ratio(), dti.methods.YesNo()]
    indices = [dti.Index(str(at), "Chỉ số", 20, scoring=method) for at, method in enumerate(scoring, 1)]
    rubric = dti.Rubric("demo", "Ví dụ", indices)
    rows: list[dict[str, Any]] = [{"1": {"a": 31.5, "b": 40}, "2": True}, {"2": False}]
    measures = dti.Measures.from_rows(rows, rubric, units=["a", "b"], names=[None, "<Xã B>"])
    cycle = Cycle(rubric)
    made = Assessments(cycle, [Assessment(cycle, unit) for unit in "ab"])

    decimal, yes, no, unit = {"vi": (",", "có", "không", "Đơn vị"), "en": (".", "yes", "no", "Unit")}[
        language
    ]
    assert Page(measures.to_html(language)).rows == [
        [unit, "1.a", "1.b", "2"],
        ["a", f"31{decimal}5", "40", yes],
        ["<Xã B>", "–", "–", no],
    ]
    assert shown(made).rows == Page(progress(made, by="unit").to_html()).rows
    assert shown(measures).rows == Page(measures.to_html()).rows
    assert [row[0] for row in Page(made.to_html(language)).rows] == [unit, "a", "b"]


def assessed(text: str = "Chưa có văn bản") -> Assessment:
    """An appraised assessment in which everything is said that can be said."""
    rubric = simple(bands=[dti.Band("good", "Tốt", 50), dti.Band("weak", "Yếu", 0)])
    basis = {"reason": text, "basis": "01/QĐ"}
    evidence = [{"title": text, "link": "https://example.vn/1"}]
    moves: list[dict[str, Any]] = [
        {"move": "mark", "entries": {"1": {"points": 20.5, "evidence": evidence}, "2.1": {"points": 10}}},
        {"move": "claim", "entries": {"2.2": {"claim": text}}},
        {"move": "submit"},
        {"move": "ask", "entries": ["2.1"], "why": text},
        {"move": "explain", "entries": {"2.1": {"evidence": evidence, "covers": False}}},
        {"move": "refuse", "entries": {"2.2": {"refusal": text}}},
        {"move": "decide", "exclusions": {"x": {"members": ["2.2"], "treatment": "skip", **basis}}},
        {"move": "decide", "unranked": {"u": basis}, "grade_limits": {"g": {"at_most": "weak", **basis}}},
        {"move": "lock"},
        {"move": "appraise", "entries": {"1": {"appraised": 18, "reason": text}}},
    ]
    made = Assessment(Cycle(rubric), "a", name=text)
    for at, move in enumerate(moves, 1):
        made = made.step(move, by=text, at=f"2024-01-{at:02}")
    return made


def test_an_assessment_is_its_leaves_and_its_moves() -> None:
    """Self and appraised marks stand beside the maximum, what lacks evidence catches the eye, every move has a row."""
    page = shown(assessed())
    heads, *leaves = page.rows[:4]
    assert heads == ["Mã", "Chỉ số", "Điểm tối đa", "Tự chấm", "Thẩm định", "Minh chứng", "Lưu ý"]
    assert leaves == [
        ["1", "Nhận thức số", "30", "20,5", "18", "1", "thẩm định: Chưa có văn bản"],
        ["2.1", "Hồ sơ", "10", "10,0", "–", "1\nminh chứng chưa đủ", ""],
        ["2.2", "Thanh toán", "10", "–", "–", "",
         "đề nghị không đánh giá: Chưa có văn bản\nkhông chấp nhận: Chưa có văn bản"],
    ]  # fmt: skip
    assert len(page.rows[4:]) == 1 + 10
    assert page.rows[8] == ["2024-01-04", "yêu cầu giải trình", "2.1", "Chưa có văn bản", "Chưa có văn bản"]
    assert "Hồ sơ đánh giá · a · Ví dụ · demo · đã thẩm định" in page.text
    assert "2.2 không đánh giá: Chưa có văn bản (01/QĐ)" in page.text
    assert "Không xếp hạng: Chưa có văn bản (01/QĐ)" in page.text
    assert "cao nhất Yếu: Chưa có văn bản (01/QĐ)" in page.text


def test_what_a_table_cannot_do_without_is_inline() -> None:
    """Stripped of its style, as of a notebook from elsewhere, a table keeps alignment, bars, headings and gaps."""
    rubric = simple(attributes={"kind": {"enum": ["x"]}}, blocks=[dti.Block("b", "Khối", when={"kind": "x"})])
    marks = dti.MarkSheet.from_array(
        [[15.0, 2.0, float("nan")]], rubric, units=["a"], attributes={"kind": ["x"]}
    )
    page = dti.evaluate(rubric, marks)._repr_html_()

    cells = re.findall(r"<t[hd] ([^>]*)>", page)
    assert len(cells) > 10
    assert all(
        ("text-align:right" if 'class="number"' in cell else "text-align:left") in cell for cell in cells
    )
    assert re.search(r'class="section" style="font-weight:600;', page)
    assert re.search(r'class="gap" style="color:#d9600d;font-weight:600"', page)
    assert re.search(r"height:0\.5em;width:6em\"><span style=\"[^\"]*width:34\.0%", page)


def test_nothing_and_nobody_can_be_shown() -> None:
    """A sheet without units is a table without rows."""
    result = many(0)
    assert len(shown(result).rows) == 1
    assert shown(result.marks).rows[1][:2] == ["Cả bảng", "0/0 đơn vị đủ"]


@pytest.mark.parametrize("what", ["rubric", "marks", "result", "scores", "explanation"])
def test_a_repr_is_one_short_line(what: str) -> None:
    """Printing a large thing by accident does not flood a terminal."""
    result = many(5000)
    things = {
        "rubric": result.rubric,
        "marks": result.marks,
        "result": result,
        "scores": result.total,
        "explanation": result.explain("u0"),
    }
    assert len(repr(things[what])) < 100
    assert "\n" not in repr(things[what])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_answer_is_shown_as_its_text_says(language: Literal["vi", "en"]) -> None:
    """The HTML of an answer holds the words of its text, escaped, and says how many rows it leaves out."""
    hostile = "<script>alert(1)</script>"
    before = Standing([*"ab"], [1, 2], names=[None, hostile])
    shown = Page(movement(before, before).to_html(language))
    many = Page(Standing([f"u{at}" for at in range(63)], range(1, 64)).to_html(language))

    heads = {
        "vi": ["Đơn vị", "Hạng trước", "Hạng", "Bậc", "Biến động"],
        "en": ["Unit", "Rank before", "Rank", "Places", "Movement"],
    }
    same = {"vi": "giữ nguyên", "en": "same"}[language]
    assert shown.rows == [heads[language], ["a", "1", "1", "0", same], [hostile, "2", "2", "0", same]]
    assert f"2 {same}" in shown.text
    assert shown.tags <= TAGS
    assert len(many.rows) == 1 + 60 + 1
    assert "3" in many.rows[-1][0]


def kinds(kind: type[Displayed] = Displayed) -> Iterator[type[Displayed]]:
    """Every class that can be looked at, those of answers with columns of their own among them."""
    for below in kind.__subclasses__():
        yield below
        yield from kinds(below)


def test_whatever_a_notebook_shows_a_page_can_have() -> None:
    """Whatever has ``_repr_html_`` has ``to_html(language)`` of the same making, and the notebook knows its kind."""
    modules = [module for name, module in sys.modules.items() if name.startswith("dti_core")]
    classes = {each for module in modules for each in vars(module).values() if isinstance(each, type)}
    showing = {each for each in classes if hasattr(each, "_repr_html_")}

    assert {dti.Rubric, dti.MarkSheet, dti.Result, dti.Scores, dti.PublishedResult, dti.Measures} < showing
    assert {dti.Explanation, dti.Ranking, dti.RubricDifference, Assessment, Assessments, Standing} < showing
    assert showing == {Displayed, *kinds()}
    assert {getattr(each, "to_html", None) for each in showing} == {Displayed.to_html}
    assert all(map(notebook.shown, kinds()))


CODES = {"ratio", "refuse"}
"""Values of a policy, which differences spell as documents do."""
PAGES: dict[str, Any] = {name: door.call for name, door in DOORS.items() if name.endswith(".to_html")}


@pytest.mark.parametrize("name", [*PAGES])
def test_a_page_speaks_the_language_asked_for(name: str) -> None:
    """Not one word of the other language, and what a notebook shows is the page in the thing's own language."""
    to_html = PAGES[name]
    pages: dict[Language, Page] = {language: Page(to_html(language=language)) for language in ("vi", "en")}

    for language, page in pages.items():
        foreign = foreign_in(page.text.replace("01/QĐ", ""), language)
        assert {*foreign} <= CODES
        assert to_html(language=language).startswith(f'<div class="dti-core" lang="{language}" ')
    assert to_html.__self__._repr_html_() == to_html(language="vi")
    with pytest.raises(dti.InvalidArgument):
        to_html(language="fr")


ANSWERS = {name: page.__self__ for name, page in PAGES.items() if isinstance(page.__self__, Answer)}


@pytest.mark.parametrize("name", [*ANSWERS])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_tables_of_an_answer_are_those_of_its_text(name: str, language: Language) -> None:
    """Cell by cell a page holds what the text holds, whose columns have tests of their own."""
    text, rows = ANSWERS[name].text(language), Page(ANSWERS[name].to_html(language)).rows
    lines = iter(text.splitlines())
    for row in rows:
        cells = [cell for cell in row if cell]
        assert any(all(cell in line for cell in cells) for line in lines), row
