"""Another rubric with one node changed."""

from typing import Any

import pytest

import dti_core as dti
from dti_core import methods


def rubric() -> dti.Rubric:
    """Two indices, one with parts, a group and a pillar over it."""
    parts = [dti.Component("1.1", "Họp", 20), dti.Component("1.2", "Chuyên mục", 10)]
    return dti.Rubric(
        "demo",
        "Ví dụ",
        [dti.Index("1", "Nhận thức số", 30, components=parts), dti.Index("2", "Dịch vụ công", 20)],
        groups=[dti.Group("nền", "Nền tảng", ["1"])],
        pillars=[dti.Pillar("chính-quyền", "Chính quyền số", ["nền", "2"])],
        policy=dti.Policy(tie_break=["2"]),
    )


def test_one_leaf_is_changed_and_nothing_else() -> None:
    """A leaf deep in the tree gets its scoring; every other part is as it was, and the old rubric too."""
    old = rubric()

    new = old.replace("1.1", scoring=methods.YesNo(), evidence="required")

    leaf = dti.Component("1.1", "Họp", 20, scoring=methods.YesNo(), evidence="required")
    assert new.indices[0].components == (leaf, old.indices[0].components[1])
    assert (new.indices[1], new.groups, new.pillars, new.policy) == (
        old.indices[1],
        old.groups,
        old.pillars,
        old.policy,
    )
    assert new.replace("1.1", scoring=None, evidence=None) == old == rubric()


@pytest.mark.parametrize(
    ("node", "fields"),
    [
        ("1", {"title": "Nhận thức"}),
        ("2", {"max_points": 25}),
        ("nền", {"members": ["1.1", "1.2"], "custom": {"trang": 3}}),
        ("chính-quyền", {"members": ["2"]}),
        ("ne\u0302\u0300n", {"title": "Chung"}),
    ],
)
def test_nodes_of_every_kind(node: str, fields: dict[str, Any]) -> None:
    """Indices, groups and pillars are changed by their codes, in either normal form."""
    changed = rubric().replace(node, **fields)

    assert changed != rubric()
    assert dti.load_rubric(dti.to_document(changed)) == changed


def test_the_changed_rubric_is_checked_whole() -> None:
    """What adds up to no sum any more is refused at its place in the rubric."""
    with pytest.raises(
        dti.InvalidDocument, match=r"\$\.indices\[0\]\.max_points: is 30, but its components add"
    ):
        rubric().replace("1.1", max_points=25)


def test_a_new_code_where_nothing_names_the_old_one() -> None:
    """A code that is named elsewhere stays: every place that names it is told; another may be changed."""
    with pytest.raises(dti.InvalidDocument) as caught:
        rubric().replace("2", code="3")

    assert [problem.where for problem in caught.value.problems] == ["$.pillars[0].members[1]"]
    assert rubric().replace("1.1", code="1.0").tree.leaves == ("1.0", "1.2", "2")
    with pytest.raises(dti.InvalidDocument, match=r"'1.2' is already the code of"):
        rubric().replace("1.1", code="1.2")


def test_what_is_not_there_is_told_with_what_is() -> None:
    """An unknown node or field is refused with the nearest that is there, in both languages for fields."""
    with pytest.raises(dti.UnknownCode, match=r"'1.3'; did you mean '1.[12]'"):
        rubric().replace("1.3", title="Họp")
    with pytest.raises(dti.UnknownCode):
        rubric().replace("total", title="Tổng")
    with pytest.raises(
        dti.InvalidArgument, match="Index has no field 'max_point'; did you mean 'max_points'"
    ):
        rubric().replace("1", max_point=20)
    with pytest.raises(dti.InvalidArgument, match="Group has no field 'max_points'"):
        rubric().replace("nền", max_points=20)
    with pytest.raises(dti.InvalidDocument, match="a scoring method is needed, not 'yes_no'"):
        rubric().replace("1.1", scoring="yes_no")
