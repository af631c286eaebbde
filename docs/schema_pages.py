"""The directive ``schema``: the keys of a document, as its JSON Schema describes them in the language of the pages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

SCHEMAS = Path(__file__).parents[1] / "schemas"
HEADS = {
    "en": ("key", "value", "meaning", "required", "list of {}", "any value"),
    "vi": ("khóa", "giá trị", "nghĩa", "bắt buộc", "danh sách {}", "giá trị bất kỳ"),
}
BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
LARGE = 10**9
"""Bounds beyond it keep a document in bounds and say nothing of its meaning."""


class SchemaPage(SphinxDirective):
    """``schema rubric``: a section for the document, then for every object in it, with a row for each key."""

    required_arguments: ClassVar[int] = 1

    def run(self) -> list[nodes.Node]:
        """The sections, which need no translation: both languages stand in the schema."""
        self.schema = json.loads((SCHEMAS / f"{self.arguments[0]}.schema.json").read_text("utf-8"))
        self.env.note_dependency(str(SCHEMAS / f"{self.arguments[0]}.schema.json"))
        self.language = self.config.language if self.config.language in HEADS else "en"
        told = [*self._object(None, self.schema)]
        for name, schema in self.schema["$defs"].items():
            if "properties" in schema:
                section = nodes.section(ids=[nodes.make_id(name)], names=[name])
                section += [self._own(nodes.title, name), *self._object(name, schema)]
                told.append(section)
        return told

    def _object(self, name: str | None, schema: dict[str, Any]) -> Iterator[nodes.Node]:
        required = schema.get("required", ())
        if schema.get("description"):
            yield self._own(nodes.paragraph, self._told(schema))
        rows = [
            [self._key(key, is_required=key in required), self._value(value), self._meaning(value)]
            for key, value in schema["properties"].items()
            if (name, key) != (None, "$schema")
        ]
        yield self._table(rows)

    def _key(self, key: str, *, is_required: bool) -> nodes.paragraph:
        paragraph = nodes.paragraph("", "", nodes.literal(text=key), translatable=False)
        if is_required:
            paragraph += [nodes.Text(" "), nodes.emphasis(text=HEADS[self.language][3])]
        return paragraph

    def _value(self, schema: dict[str, Any]) -> nodes.paragraph:
        return nodes.paragraph("", "", *self._kind(schema), translatable=False)

    def _kind(self, schema: dict[str, Any], within: tuple[str, ...] = ()) -> list[nodes.Node]:
        """What may stand there: links to objects, or words for plain values; what holds itself is named."""
        schema = next((part for part in schema.get("allOf", ()) if "$ref" in part), schema)
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            target = self.schema["$defs"][name]
            if "properties" in target:
                return [nodes.reference("", name, refid=nodes.make_id(name), internal=True)]
            return [nodes.Text(name)] if name in within else self._kind(target, (*within, name))
        parts = schema.get("oneOf", schema.get("anyOf"))
        if parts:
            return _between(" | ", [self._kind(part, within) for part in parts])
        words = [schema["const"]] if "const" in schema else schema.get("enum")
        if words:
            return _between(
                ", ", [[nodes.literal(text=json.dumps(word, ensure_ascii=False))] for word in words]
            )
        return self._many(schema, within)

    def _many(self, schema: dict[str, Any], within: tuple[str, ...]) -> list[nodes.Node]:
        """A list, an object of any keys, or a plain value."""
        if schema.get("type") == "array":
            before, _, after = HEADS[self.language][4].partition("{}")
            return [nodes.Text(before), *self._kind(schema.get("items", {}), within), nodes.Text(after)]
        if isinstance(schema.get("additionalProperties"), dict):
            inner = self._kind(schema["additionalProperties"], within)
            return [nodes.Text("{…: "), *inner, nodes.Text("}")]
        return [nodes.Text(self._plain(schema) or HEADS[self.language][5])]

    def _plain(self, schema: dict[str, Any]) -> str:
        kinds = schema.get("type", ())
        kind = kinds if isinstance(kinds, str) else " | ".join(kinds)
        bounds = (
            f"{BOUNDS[word]} {schema[word]:g}" for word in BOUNDS if abs(schema.get(word, LARGE)) < LARGE
        )
        return " ".join([kind, *bounds])

    def _meaning(self, schema: dict[str, Any]) -> nodes.paragraph:
        target = self.schema["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else {}
        return self._own(nodes.paragraph, self._told(schema) or self._told(target))

    def _told(self, schema: dict[str, Any]) -> str:
        """A description in the language of the page; schemas hold both, with a slash between."""
        vi, _, en = schema.get("description", "").partition(" / ")
        return (en or vi) if self.language == "en" else vi

    def _table(self, rows: list[list[nodes.Node]]) -> nodes.table:
        heads = [self._own(nodes.paragraph, head) for head in HEADS[self.language][:3]]
        group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in (20, 25, 55)), cols=3)
        group += nodes.thead("", _row(heads))
        group += nodes.tbody("", *map(_row, rows))
        return nodes.table("", group)

    def _own(self, kind: type[nodes.TextElement], text: str) -> nodes.TextElement:
        return kind("", text, translatable=False)


def _row(cells: list[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", cell) for cell in cells))


def _between(text: str, parts: list[list[nodes.Node]]) -> list[nodes.Node]:
    joined: list[nodes.Node] = []
    for part in parts:
        joined += [nodes.Text(text), *part] if joined else part
    return joined


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this."""
    app.add_directive("schema", SchemaPage)
    return {"parallel_read_safe": True}
