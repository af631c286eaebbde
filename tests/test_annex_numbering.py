"""How the rows of an annex are numbered: any tree, printed in any way that annexes are, is read back as it was."""

from decimal import Decimal
from typing import Any

import pytest
from annex_printer import ROMANS, SECTIONS, STYLES, annexes, expected, trees
from hypothesis import given, settings
from hypothesis import strategies as st

import dti_core as dti
from dti_core.rubric.tree import walk

some = settings(max_examples=max(10, settings().max_examples // 10))
HEADS = ("STT", "Chỉ số", "Điểm tối đa")


def read(rows: Any) -> dti.Annex:
    """Rows under the usual heads as an annex."""
    return dti.read_annex(dict(zip(HEADS, map(list, zip(*rows, strict=True)), strict=True)))


def told(rubric: dti.Rubric) -> list[tuple[Any, ...]]:
    """Every index and component: its depth, code, title and points."""
    worth = rubric.tree.maximum
    return [
        (depth, node.code, str(node.title), rubric.tree.in_points(worth[node.code]))
        for _, node, _, depth in walk(rubric.indices)
    ]


@pytest.mark.parametrize("name", STYLES)
@given(data=st.data())
@some
def test_a_tree_is_read_back_in_every_style(name: str, data: st.DataObject) -> None:
    """Codes, titles, points and order are those of the tree that was printed; codes are the ordinals, in the style."""
    style = STYLES[name]
    indices = data.draw(trees(style))
    rows = data.draw(annexes(style, indices))

    annex = read(rows)

    assert told(annex.rubric) == expected(style, indices)
    assert annex.rubric.max_points == sum((index.points for index in indices), Decimal(0))


@given(data=st.data())
@some
def test_headings_over_numbers_that_run_on_are_groups(data: st.DataObject) -> None:
    """Parts A and groups I hold the indices below them, whether I starts again under B or not."""
    again = data.draw(st.booleans())
    sections = data.draw(
        st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=3), min_size=1, max_size=3)
    )
    rows: list[tuple[Any, Any, Any]] = []
    members: dict[str, list[str]] = {}
    index = group = 0
    starts_again = again and len(sections) > 1
    for letter, groups in zip(SECTIONS, sections, strict=False):
        rows.append((letter, "Phần", None))
        members[letter] = []
        for at, count in enumerate(groups):
            group = at + 1 if again else group + 1
            code = f"{letter}.{ROMANS[group - 1]}" if starts_again else ROMANS[group - 1]
            rows.append((ROMANS[group - 1], "Nhóm", count))
            members[code] = [str(index + one) for one in range(1, count + 1)]
            rows += [(number, "Chỉ số x", 1) for number in members[code]]
            members[letter] += members[code]
            index += count

    rubric = read(rows).rubric

    assert {each.code: [*each.members] for each in rubric.groups} == members
    assert [each.code for each in rubric.indices] == [str(at) for at in range(1, index + 1)]
