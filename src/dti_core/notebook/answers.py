"""A table of an answer as HTML."""

from dti_core.errors import Language
from dti_core.notebook import html
from dti_core.notebook.html import Head, Html, Section
from dti_core.words import NOTEBOOKS, Sentence
from dti_core.words.tables import Table


def table(table: Table, language: Language) -> Html:
    """The first rows under their heads, numbers to the right, and how many rows there are more."""
    kinds = ["number" if table.is_numeric(column) else None for column in range(len(table.heads))]
    heads = [
        Head(html.told(head, html.HEADING), None, kind) for head, kind in zip(table.heads, kinds, strict=True)
    ]
    rows = [[html.told(cell) for cell in row] for row in table.rows[: html.ROWS]]
    title = (
        [html.element("p", html.element("strong", html.told(table.title)), class_="heading")]
        if table.title
        else []
    )
    shown = [html.table(heads, [*rows, *_rest(len(table.rows) - html.ROWS, language)])] if rows else []
    return html.joined([*title, *shown])


def _rest(count: int, language: Language) -> list[Section]:
    sentence = Sentence(NOTEBOOKS["rest"], {"count": count})
    return [Section(sentence.text(language), "rest")] if count > 0 else []
