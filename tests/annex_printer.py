"""Random trees of points, and annexes of decisions that print them in one of the ways that annexes are numbered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st

LETTERS = "abcdđeghiklmnopqrstuvxy"
SECTIONS = "ABCDEFGH"
ROMANS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"]
Cells = tuple[Any, Any, Any]


class Node(NamedTuple):
    """A part of a tree: of what has parts the points are what they add up to."""

    title: str
    points: Decimal
    parts: list[Node]


class Print(NamedTuple):
    """A numbering style: what stands before a part, and the code it should get, by its ordinals from the top."""

    mark: Any
    code: Any
    depth: int
    #: what is restarted is only seen where two headings have parts
    needs_two: bool = False


def roman(ordinal: int) -> str:
    """1 → I."""
    return ROMANS[ordinal - 1]


def dotted(path: tuple[int, ...]) -> str:
    """(1, 2) → 1.2."""
    return ".".join(map(str, path))


def items(path: tuple[int, ...], after: int) -> str:
    """The code of a), - and + rows beneath the first ``after`` ordinals."""
    number, letters, signs = path[:after], path[after : after + 1], path[after + 1 :]
    return ".".join([*map(str, number), *(LETTERS[at - 1] for at in letters), *map(str, signs)])


STYLES: dict[str, Print] = {
    "1, 1.1, 1.1.1": Print(dotted, dotted, 4),
    "1., 1.1.": Print(lambda path: f"{dotted(path)}.", dotted, 4),
    "1, a), -, +": Print(
        lambda path: [str(path[0]), f"{LETTERS[path[-1] - 1]})", "-", "+"][len(path) - 1],
        lambda path: items(path, 1),
        4,
    ),
    "1, 1.1, a), -": Print(
        lambda path: [dotted(path), dotted(path), f"{LETTERS[path[-1] - 1]})", "–"][len(path) - 1],
        lambda path: items(path, 2),
        4,
    ),
    "1, -, +": Print(lambda path: [dotted(path), "-", "+"][len(path) - 1], dotted, 3),
    "I, I.1": Print(
        lambda path: ".".join([roman(path[0]), *map(str, path[1:])]),
        lambda path: ".".join([roman(path[0]), *map(str, path[1:])]),
        3,
    ),
    "I, 1 again, 1.1": Print(
        lambda path: dotted(path[1:]) if path[1:] else f"{roman(path[0])}.",
        lambda path: ".".join([roman(path[0]), *map(str, path[1:])]),
        4,
        needs_two=True,
    ),
    "I, 1 again, a)": Print(
        lambda path: [roman(path[0]), str(path[-1]), f"{LETTERS[path[-1] - 1]}."][len(path) - 1],
        lambda path: ".".join([roman(path[0]), items(path[1:], 1)]) if path[1:] else roman(path[0]),
        3,
        needs_two=True,
    ),
    "Phần A, 1 again": Print(
        lambda path: dotted(path[1:]) if path[1:] else f"Phần {SECTIONS[path[0] - 1]}",
        lambda path: ".".join([SECTIONS[path[0] - 1], *map(str, path[1:])]),
        3,
        needs_two=True,
    ),
}


TITLES = st.text(st.sampled_from("Họp ban chỉ đạo số liệu dịch vụ công Đđ"), min_size=1, max_size=30).map(
    lambda text: "x" + " ".join(text.split())
)
"""No title is one of the names of a total, or begins with a number."""


@st.composite
def leaves(draw: st.DrawFn) -> Node:
    """A part that has no parts."""
    ticks = draw(st.integers(0, 4000))
    return Node(draw(TITLES), Decimal(ticks).scaleb(-2), [])


def nodes(depth: int) -> st.SearchStrategy[Node]:
    """A part with up to so many levels, itself counted."""
    if depth == 1:
        return leaves()
    parts = st.lists(nodes(depth - 1), min_size=1, max_size=4)
    return leaves() | st.builds(
        lambda title, parts: Node(title, sum((part.points for part in parts), Decimal(0)), parts),
        TITLES,
        parts,
    )


@st.composite
def trees(draw: st.DrawFn, style: Print) -> list[Node]:
    """The indices of a rubric that a style can print."""
    indices = draw(st.lists(nodes(style.depth), min_size=1, max_size=5))
    if style.needs_two and sum(bool(index.parts) for index in indices) < 2:
        part = Node("xa", Decimal(3), [])
        indices = [*indices, Node("xb", Decimal(3), [part]), Node("xc", Decimal(3), [part])]
    return indices


WRITTEN = [
    lambda points: points,
    lambda points: f"{points}",
    lambda points: f"{points}".replace(".", ","),
    lambda points: f"{points} điểm",
    lambda points: f"({points}đ)".replace(".", ","),
    lambda points: f"Tối đa {points}",
    lambda points: f"tối đa:\u00a0{points} điểm",
]
"""Points as annexes write them."""


@st.composite
def annexes(draw: st.DrawFn, style: Print, indices: list[Node]) -> list[Cells]:
    """The rows of the annex, with heads, empty rows and notes among them, and a total."""
    rows: list[Cells] = []

    def add(node: Node, path: tuple[int, ...]) -> None:
        write = draw(st.sampled_from(WRITTEN))
        code, title, points = style.mark(path), node.title, write(node.points)
        if isinstance(points, str) and "đ" in points and draw(st.booleans()):
            title, points = f"{title} ({points.strip('()')})", None
        if draw(st.booleans()) and node.parts:
            title, points = node.title, None
        if code in ("-", "–", "+") and draw(st.booleans()):
            code, title = None, f"{code} {title}"
        rows.append((code, title, points))
        rows.extend(draw(st.sampled_from([[], [], [], [(None, None, None)], [("STT", "CHỈ SỐ", None)]])))
        for at, part in enumerate(node.parts, 1):
            add(part, (*path, at))

    for at, index in enumerate(indices, 1):
        add(index, (at,))
    total = sum((index.points for index in indices), Decimal(0))
    name = draw(st.sampled_from(["Tổng cộng", "TỔNG SỐ ĐIỂM", "Cộng:", "Tong cong"]))
    return [
        *rows,
        draw(st.sampled_from([(None, name, total), (name, None, total), (name, name, str(total))])),
    ]


def expected(style: Print, indices: list[Node]) -> list[tuple[Any, ...]]:
    """Codes, TITLES and points in order, of each part with how deep it is."""
    rows: list[tuple[Any, ...]] = []

    def add(node: Node, path: tuple[int, ...]) -> None:
        rows.append((len(path), style.code(path), node.title, node.points))
        for at, part in enumerate(node.parts, 1):
            add(part, (*path, at))

    for at, index in enumerate(indices, 1):
        add(index, (at,))
    return rows
