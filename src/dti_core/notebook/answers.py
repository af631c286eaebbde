"""A table of an answer as HTML."""

from dti_core.notebook import html, tables
from dti_core.notebook.html import Content
from dti_core.notebook.tables import Head
from dti_core.words.tables import Table


def table(table: Table) -> Content:
    """The first rows under their heads, numbers to the right, and how many rows there are more."""
    kinds = ["number" if table.is_numeric(column) else None for column in range(len(table.heads))]
    heads = [Head(html.told(head, html.HEADING), kind) for head, kind in zip(table.heads, kinds, strict=True)]
    title = html.heading(html.told(table.title)) if table.title else None
    return [title, tables.short(heads, [[*map(html.told, row)] for row in table.rows], "rows")]
