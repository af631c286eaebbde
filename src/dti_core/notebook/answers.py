"""A table of an answer as HTML."""

from dti_core.notebook import html, tables
from dti_core.notebook.html import Content
from dti_core.notebook.tables import Head
from dti_core.words.tables import Table

WIDE = 12
"""Cells of more characters are not squeezed."""


def table(table: Table) -> Content:
    """The first rows under their heads, numbers to the right, and how many rows there are more."""
    heads = [Head(html.told(head, html.HEADING), _kind(table, at)) for at, head in enumerate(table.heads)]
    title = html.heading(html.told(table.title)) if table.title else None
    return [title, tables.short(heads, [[*map(html.told, row)] for row in table.rows], "rows")]


def _kind(table: Table, column: int) -> str | None:
    if table.is_numeric(column):
        return "number"
    return "wide" if any(len(row[column]) > WIDE for row in table.rows) else None
