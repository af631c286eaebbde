"""A rubric and marks that use every key there is; measures, and the rubric they are measured by."""

from typing import Any

import dti_core as dti

Document = dict[str, Any]
FULL: Document = {
    "schema": "dti-core/rubric/1",
    "code": "everything",
    "title": {"vi": "Đủ mọi khóa", "en": "Every key"},
    "basis": ["01/QĐ-UBND", "02/QĐ-UBND"],
    "mark_decimals": 0,
    "indices": [
        {
            "code": "1",
            "title": "Một",
            "zero_unless": [{"node": "1.1", "at_least": 0}],
            "components": [
                {"code": "1.1", "title": "Một một", "max_points": 10, "custom": {"deep": [1, {"a": None}]}},
                {"code": "1.2", "title": "Một hai", "max_points": 10, "role": "standby"},
                {"code": "1.10", "title": "Một mười", "max_points": 0},
            ],
        },
        {"code": "b", "title": "Cộng", "max_points": 3, "cap": True, "components": [
            {"code": "b1", "title": "b1", "max_points": 2, "role": "bonus"},
            {"code": "b2", "title": "b2", "max_points": 2, "role": "bonus"},
        ]},
        {"code": "p", "title": "Trừ", "max_points": 5, "role": "penalty"},
    ],
    "groups": [{"code": "g", "title": "g", "members": ["1"], "custom": {}}],
    "pillars": [{"code": "t", "title": "t", "members": ["g", "b"], "custom": {"x": 1}}],
    "attributes": {
        "kind": {"type": "string", "enum": ["a", "b", ""]},
        "size": {"type": "number", "minimum": 0.5, "exclusiveMaximum": 1000000, "not": {"const": 7}},
        "flag": {"enum": [True, 1, "1"]},
    },
    "exclusions": [
        {"code": "e", "when": {"size": {"exclusiveMinimum": 3, "maximum": 4.25}, "unit": {"not": {"enum": ["a", "c"]}}},
         "members": ["1.1"], "treatment": "substitute", "by": "1.2",
         "reason": {"vi": "Lý do", "en": "Reason"}, "basis": "x"},
        {"code": "f", "members": ["g"], "treatment": "full_marks", "reason": "y", "basis": "y",
         "when": {"flag": {"const": 1}}},
    ],
    "blocks": [{"code": "k", "title": "k", "when": {"kind": {"const": "a"}}}, {"code": "l", "title": "l",
               "when": {"kind": {"const": "b"}}, "ranked": False}],
    "bands": [{"code": "x", "title": "x", "above": 66.67, "quota": {"percent": "100/3", "ties": "in"},
               "requires": [{"node": "1.1", "above": 0, "at_most": "200/3"},
                            {"node": "b", "at_least": 1, "in": "points"}]},
              {"code": "z", "title": "z", "at_least": 66.67, "quota": {"count": 2}},
              {"code": "y", "title": "y", "at_least": 0}],
    "grade_limits": [
        {"code": "l", "when": {"flag": {"const": 1}}, "at_most": "z", "basis": "x",
         "reason": {"vi": "Lý do", "en": "Reason"}},
        {"code": "m", "lower_by": 2, "reason": "y", "basis": "y"},
    ],
    "policy": {"renormalise": "by_level", "missing": "exclude", "min_coverage": 0.75, "exceed_maximum": True,
               "publish": {"as": "percent", "decimals": 3, "rounding": "half_even"},
               "decide_on": "exact", "ties": "dense",
               "tie_break": ["g", "1.1"]},
    "custom": {"source": "made up", "list": [[], {}]},
}  # fmt: skip
FULL_MARKS: Document = {
    "schema": "dti-core/marks/1",
    "rubric": "everything",
    "period": "quý 1",
    "stage": "self",
    "exclusions": [{"members": ["1.1"], "units": ["b"], "treatment": "count", "reason": "r", "basis": "b"}],
    "grade_limits": [{"units": ["b", "a"], "lower_by": 1, "reason": "r", "basis": "b"}],
    "units": [
        {
            "code": "b",
            "name": {"vi": "Bê", "en": "Bee"},
            "attributes": {"kind": "", "size": 4.25, "flag": True, "note": "không khai báo"},
            "marks": {"1.1": 3, "1.2": None, "1.10": 0, "b1": 1, "b2": None, "p": 2},
            "exclusions": [{"members": ["1.10"], "treatment": "skip", "reason": "r", "basis": "b"}],
            "grade_limits": [{"at_most": "y", "reason": "r", "basis": "b"}],
            "unranked": {"reason": "Mới", "basis": "b"},
            "custom": {"phone": [1, 2]},
        },
        {
            "code": "a",
            "attributes": {"kind": "b", "size": 1, "flag": "1"},
            "marks": {"1.1": None, "1.2": None, "1.10": None, "b1": None, "b2": None, "p": None},
        },
    ],
    "custom": {"round": 1},
}
MEASURED = dti.Rubric("r", "R", [
    dti.Index("1", "Tỷ lệ", 20, scoring=dti.methods.Ratio(when_zero="zero")),
    dti.Index("2", "Có hay không", 10, scoring=dti.methods.YesNo()),
    dti.Index("3", "Chấm thẳng", 5),
])  # fmt: skip
MEASURES: Document = {
    "schema": "dti-core/measures/1", "rubric": "r", "period": "2024", "stage": "self",
    "exclusions": [{"members": ["3"], "units": ["b"], "treatment": "skip", "reason": "r", "basis": "b"}],
    "units": [
        {"code": "a", "name": "A", "attributes": {"level": "x"},
         "measures": {"1": {"a": 31, "b": 40}, "2": True, "3": 4.5}, "unranked": {"reason": "Mới", "basis": "b"}},
        {"code": "b", "measures": {"1": {"a": None, "b": 2.5}, "2": None, "3": None}, "custom": {"x": [1]}},
    ],
    "custom": {"round": 1},
}  # fmt: skip
