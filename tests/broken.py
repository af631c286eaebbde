"""Kinds of broken documents: what is changed in a sound one, where the problem stands, and a word of it."""

from __future__ import annotations

import copy
import json
import re
from functools import reduce
from typing import Any, NamedTuple

from dti_core.documents.schema import schema

Document = dict[str, Any]
STEP = re.compile(r"\.(\w+|\$\w+)|\[(\d+)\]|\['([^']*)'\]")
GONE = object()
LEAF: Document = {"code": "3", "title": "Ba", "max_points": 20, "role": "standby"}
BONUS: Document = {"code": "b", "title": "Cộng", "max_points": 5, "role": "bonus"}
RULE: Document = {"code": "r", "members": ["2"], "treatment": "skip", "reason": "x", "basis": "x"}
REPLACED: Document = RULE | {"treatment": "substitute", "by": "3"}
DECISION: Document = {"members": ["1"], "treatment": "full_marks", "reason": "x", "basis": "x"}
DEEP_CUSTOM = json.loads('{"a":' * 70 + "1" + "}" * 70)
DEEP_INDEX = reduce(
    lambda below, at: {"code": f"d{at}", "title": "x", "components": [below]}, range(32), LEAF
)


class Case(NamedTuple):
    """What is changed, and the problem to be found."""

    edits: dict[str, Any]
    where: str
    word: str


def at(place: str, value: Any, word: str, where: str | None = None) -> Case:
    """One change, found where it was made or at another place."""
    return Case({place: value}, where or place, word)


def broken(document: Document, case: Case) -> Document:
    """A copy of the document with the edits of a case; ``GONE`` takes a key away."""
    document = copy.deepcopy(document)
    for place, value in case.edits.items():
        found = STEP.findall(place)
        steps: list[Any] = [name or key or int(number or 0) for name, number, key in found]
        last = steps.pop()
        holder: Any = reduce(lambda holder, step: holder[step], steps, document)
        if value is GONE:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(value)
    return document


def sound_rubric() -> Document:
    """The example rubric of the schema, with a stand-by index."""
    document: Document = copy.deepcopy(schema("rubric")["examples"][0])
    document["indices"].append(dict(LEAF))
    return document


def sound_marks() -> Document:
    """The example marks of the schema, with a second unit."""
    document: Document = copy.deepcopy(schema("marks")["examples"][0])
    unit = {"code": "b", "attributes": {"level": "department", "has_procedures": True}, "marks": {}}
    document["units"].append(unit)
    return document


RUBRICS = {
    "unknown key": at("$.polcy", {}, "did you mean 'policy'"),
    "unknown key of an index": at("$.indices[0].weight", 1, "unknown key"),
    "unknown key of a component": at("$.indices[0].components[1].max_point", 1, "did you mean 'max_points'"),
    "unknown key of a group": at("$.groups[0].x", 1, "unknown key"),
    "unknown key of a pillar": at("$.pillars[0].x", 1, "unknown key"),
    "unknown key of a band": at("$.bands[0].x", 1, "unknown key"),
    "unknown key of a block": at("$.blocks[0].x", 1, "unknown key"),
    "unknown key of a rule": at("$.exclusions[0].units", ["a"], "unknown key"),
    "unknown key of the decision": at("$.decision.date", "2024", "unknown key"),
    "unknown key of the policy": at("$.policy.tie", "dense", "did you mean 'ties'"),
    "unknown key of publish": at("$.policy.publish.digits", 1, "unknown key"),
    "unknown key of an attribute": at("$.attributes.level.oneOf", [], "unknown key"),
    "third language": at("$.title.fr", "x", "unknown key"),
    "no code": at("$.code", GONE, "missing"),
    "no title": at("$.indices[1].title", GONE, "missing"),
    "no Vietnamese": at("$.title.vi", GONE, "missing"),
    "no indices": at("$.indices", [], "empty"),
    "no reason": at("$.exclusions[0].reason", GONE, "missing"),
    "no basis": at("$.exclusions[0].basis", GONE, "missing"),
    "null for what is left out": at("$.period", None, "text is needed"),
    "code as number": at("$.indices[0].components[0].code", 1.10, "1.10 as a number is 1.1"),
    "member as number": at("$.groups[0].members[0]", 1, "in quotes"),
    "empty code": at("$.code", "", "empty"),
    "code of 65 characters": at("$.code", "x" * 65, "65"),
    "code with space": at("$.indices[1].code", "2 ", "space"),
    "bidirectional character": at("$.indices[1].code", "2\u202e", "bidirectional"),
    "control character": at("$.indices[1].code", "2\n1", "control"),
    "blank title": at("$.indices[1].title", "  ", "empty"),
    "title of 10,001 characters": at("$.title", "x" * 10_001, "10001"),
    "title as number": at("$.title", 3, "text or an object"),
    "code given twice": at("$.indices[1].code", "1.1", "already the code of"),
    "group with the code of an index": at("$.groups[0].code", "2", "already"),
    "reserved code": at("$.indices[1].code", "total", "reserved"),
    "rule given twice": at(
        "$.exclusions", [RULE, RULE | {"when": {"unit": {"const": "a"}}}], "already", "$.exclusions[1].code"
    ),
    "member that names nothing": at("$.groups[0].members[0]", "1.3", "did you mean"),
    "excluded member that names nothing": at("$.exclusions[0].members[0]", "9", "names no"),
    "excluded total": at("$.exclusions[0].members[0]", "total", "names no"),
    "excluded pillar": at("$.exclusions[0].members[0]", "government", "names no"),
    "excluded stand-by": at("$.exclusions[0].members[0]", "3", "stand-by"),
    "no members": at("$.pillars[0].members", [], "empty"),
    "leaf reached twice": at(
        "$.groups[0].members", ["1", "1.1"], "already reaches", "$.groups[0].members[1]"
    ),
    "pillar in a group": at("$.groups[0].members[0]", "government", "names no"),
    "points as text": at("$.indices[1].max_points", "20", "a fraction"),
    "points as true": at("$.indices[1].max_points", True, "a number"),  # noqa: FBT003
    "negative points": at("$.indices[1].max_points", -1, "at least 0"),
    "ten million billion points": at("$.indices[1].max_points", 1e16, "at most"),
    "points with many decimals": at("$.indices[1].max_points", 0.125, "2 decimals"),
    "leaf without points": at("$.indices[1].max_points", GONE, "missing"),
    "wrong sum": at("$.indices[0].max_points", 31, "add up to 30"),
    "wrong sum of all": at("$.max_points", 60, "add up to 50"),
    "cap above the sum": at(
        "$.indices[2]",
        {"code": "c", "title": "c", "max_points": 9, "cap": True, "components": [BONUS]},
        "a cap is at most that",
        "$.indices[2].max_points",
    ),
    "cap that is not said": at(
        "$.indices[2]",
        {"code": "c", "title": "c", "max_points": 4, "components": [BONUS]},
        "where it is a cap",
        "$.indices[2].max_points",
    ),
    "role of a parent": at("$.indices[0].role", "bonus", "only a leaf"),
    "unknown role": at("$.indices[1].role", "Bonus", "did you mean 'bonus'"),
    "nothing scored": Case(
        {"$.indices": [BONUS], "$.groups": [], "$.pillars": [], "$.exclusions": []}, "$.indices", "scored"
    ),
    "ten decimals": at("$.mark_decimals", 10, "at most 9"),
    "half a decimal": at("$.mark_decimals", 1.5, "whole number"),
    "decision and basis": at("$.basis", ["x"], "decision"),
    "date in words": at("$.decision.issued", "2/1/2024", "2024-01-02"),
    "day in one number": at("$.decision.issued", "20240102", "2024-01-02"),
    "day that does not exist": at("$.decision.issued", "2024-02-30", "date"),
    "substitute without by": at("$.exclusions[0].treatment", "substitute", "missing", "$.exclusions[0].by"),
    "by without substitute": at("$.exclusions[0].by", "3", "substitute"),
    "by worth nothing": Case(
        {"$.exclusions[0]": REPLACED, "$.indices[2].max_points": 0}, "$.exclusions[0].by", "worth 0"
    ),
    "to in a rule that skips": at("$.exclusions[0].to", 5, "'reduce'"),
    "reduced to nothing": at(
        "$.exclusions[0]", RULE | {"treatment": "reduce", "to": 0}, "skip the leaf", "$.exclusions[0].to"
    ),
    "by that is scored": at("$.exclusions[0]", REPLACED | {"by": "1"}, "stand-by", "$.exclusions[0].by"),
    "two replaced by one": at(
        "$.exclusions[0]", REPLACED | {"members": ["1", "2"]}, "exactly one", "$.exclusions[0].members"
    ),
    "count in a rule": at("$.exclusions[0].treatment", "count", "not one of"),
    "contradictory rules": at(
        "$.exclusions",
        [RULE, RULE | {"code": "s", "treatment": "full_marks"}],
        "contradicts",
        "$.exclusions[1]",
    ),
    "pattern in when": at("$.exclusions[0].when.has_procedures.pattern", "^(a+)+$", "unknown key"),
    "remote reference in when": at(
        "$.exclusions[0].when.has_procedures['$ref']", "http://192.0.2.1/x.json", "unknown key"
    ),
    "remote reference": at("$['$ref']", "file:///etc/passwd", "unknown key"),
    "schema of one's own further in": at("$.indices[0]['$schema']", "http://192.0.2.1/x.json", "unknown key"),
    "plain value in when": at("$.exclusions[0].when.level", "x", "an object"),
    "null in when": at("$.blocks[0].when.level.const", None, "text"),
    "list in when": at("$.blocks[0].when.level.enum", [[]], "text", "$.blocks[0].when.level.enum[0]"),
    "bound as text": at("$.blocks[0].when.level.exclusiveMinimum", "3", "a number"),
    "undeclared attribute in when": at("$.blocks[0].when.levels", {"const": "x"}, "did you mean 'level'"),
    "attribute named unit": at("$.attributes.unit", {}, "reserved"),
    "unknown type of attribute": at("$.attributes.level.type", "text", "not one of"),
    "bands in the wrong order": at("$.bands[1].at_least", 90, "highest first"),
    "bands with a gap": at("$.bands[2].at_least", 10, "starts at 0"),
    "band given twice": at("$.bands[1].code", "good", "already"),
    "unknown policy": at("$.policy.missing", "skip", "zero, exclude, refuse"),
    "true for a text": at("$.policy.ties", True, "not one of"),  # noqa: FBT003
    "coverage in percent": at("$.policy.min_coverage", 60, "at most 1"),
    "tie-break on nothing": at("$.policy.tie_break", ["7"], "names no node", "$.policy.tie_break[0]"),
    "another version": at("$.schema", "dti-core/rubric/2", "dti-core/rubric/1"),
    "marks for a rubric": at("$.schema", "dti-core/marks/1", "dti-core/rubric/1"),
    "custom as a list": at("$.custom", [], "an object"),
    "70 levels of custom": at("$.custom", DEEP_CUSTOM, "64 levels", "$.custom" + ".a" * 7),
    "33 levels of components": at(
        "$.indices[1]", DEEP_INDEX, "64 levels", "$.indices[1]" + ".components[0]" * 3
    ),
}

MARKS = {
    "unknown key": at("$.unit", [], "did you mean 'units'"),
    "unknown key of a unit": at("$.units[1].mark", {}, "did you mean 'marks'"),
    "unknown key of a decision": at("$.exclusions[0].unit", "a", "did you mean 'units'"),
    "unknown key of unranked": at(
        "$.units[0].unranked",
        {"reason": "x", "basis": "x", "why": 1},
        "unknown key",
        "$.units[0].unranked.why",
    ),
    "no units": at("$.units", GONE, "missing"),
    "units as an object": at("$.units", {}, "a list"),
    "unit as text": at("$.units[1]", "b", "an object"),
    "no code": at("$.units[1].code", GONE, "missing"),
    "code as number": at("$.units[1].code", 79, 'write "79"'),
    "code with bidirectional character": at("$.units[1].code", "b\u2066", "bidirectional"),
    "code of 65 characters": at("$.units[1].code", "b" * 65, "65"),
    "code given twice": at("$.units[1].code", "a", "already"),
    "another rubric": at("$.rubric", "example-commune", "'example-district'"),
    "another period": at("$.period", "2023", "'2024'"),
    "unknown stage": at("$.stage", "published", "self, appraised"),
    "mark above the maximum": at("$.units[0].marks['2']", 20.5, "at most 20"),
    "negative mark": at("$.units[0].marks['2']", -0.01, "at least 0"),
    "too many decimals": at("$.units[0].marks['2']", 1.005, "2 decimals"),
    "vast mark": at("$.units[0].marks['2']", 10**300, "at most 20"),
    "mark as text": at("$.units[0].marks['2']", "18", "a number or null"),
    "mark as true": at("$.units[0].marks['2']", True, "a number or null"),  # noqa: FBT003
    "mark as a list": at("$.units[0].marks['2']", [18], "a number or null"),
    "mark on a parent": at("$.units[0].marks['1']", 3, "mark its leaves"),
    "mark on a pillar": at("$.units[0].marks.government", 3, "mark its leaves"),
    "mark on nothing": at("$.units[0].marks['1.3']", 3, "did you mean"),
    "mark given in two spellings": at(
        "$.units[0].marks", {"\u00e9": 1, "e\u0301": 1}, "twice", "$.units[0].marks.e\u0301"
    ),
    "attribute given in two spellings": at(
        "$.units[0].attributes",
        {"level": "district", "has_procedures": True, "\u00e9": 1, "e\u0301": 1},
        "twice",
        "$.units[0].attributes.e\u0301",
    ),
    "attribute of 65 letters": at("$.units[0].attributes", {"x" * 65: 1}, "65 characters"),
    "attribute that is missing": at("$.units[1].attributes.level", GONE, "every attribute"),
    "attribute of the wrong type": at("$.units[1].attributes.has_procedures", "yes", "declaration"),
    "1 for true": at("$.units[1].attributes.has_procedures", 1, "declaration"),
    "attribute not in its list": at("$.units[1].attributes.level", "commune", "declaration"),
    "attribute that is null": at("$.units[1].attributes.note", None, "text"),
    "attribute that is a list": at("$.units[1].attributes.note", [], "text"),
    "member that names nothing": at("$.exclusions[0].members[0]", "1.3", "names no"),
    "no members": at("$.exclusions[0].members", [], "empty"),
    "unit that is not there": at("$.exclusions[0].units[0]", "c", "no unit"),
    "no reason": at("$.exclusions[0].reason", GONE, "missing"),
    "unknown treatment": at("$.exclusions[0].treatment", "ignore", "skip, full_marks"),
    "substitute without by": at("$.exclusions[0].treatment", "substitute", "missing", "$.exclusions[0].by"),
    "by without substitute": at("$.exclusions[0].by", "3", "substitute"),
    "units in a decision on one unit": at("$.units[0].exclusions[0].units", ["a"], "remove it"),
    "decisions that contradict": at("$.units[0].exclusions", [DECISION], "1.2", "$.units[0]"),
    "unranked without a basis": at(
        "$.units[0].unranked", {"reason": "x"}, "missing", "$.units[0].unranked.basis"
    ),
    "name without Vietnamese": at("$.units[0].name", {"en": "A"}, "missing", "$.units[0].name.vi"),
    "a rubric for marks": at("$.schema", "dti-core/rubric/1", "dti-core/marks/1"),
}
