"""Draws the pictures of the gallery: its blocks run in order, and below one that ends in axes stands what they show."""

import ast
import os.path
from pathlib import Path
from typing import Any

from docutils import nodes
from matplotlib.axes import Axes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

PAGE = "gallery"
ENGLISH = 'language = "en"'


class Pictures(SphinxTransform):
    """The pictures are in the language of the pages, and so is the line that says which it is."""

    default_priority = 400

    def apply(self, **_: Any) -> None:
        """Run the blocks of the page."""
        if self.env.docname != PAGE or self.app.builder.format != "html":
            return
        folder = Path(self.app.doctreedir, "pictures")
        folder.mkdir(exist_ok=True)
        names: dict[str, Any] = {}
        for at, block in enumerate([*self.document.findall(nodes.literal_block)]):
            code = block.astext().replace(ENGLISH, f'language = "{self.config.language}"')
            block.rawsource, block[:] = code, [nodes.Text(code)]
            shown = _run(code, names)
            if isinstance(shown, Axes):
                file = folder / f"{PAGE}-{at}.svg"
                shown.figure.savefig(file, metadata={"Date": None})
                uri = Path(os.path.relpath(file, self.app.srcdir)).as_posix()
                block.parent.insert(
                    block.parent.index(block) + 1, nodes.image(uri=uri, alt=shown.get_title(loc="left"))
                )


def _run(code: str, names: dict[str, Any]) -> object:
    """What the last line of a block gives, if it is an expression."""
    *body, last = ast.parse(code).body
    if not isinstance(last, ast.Expr):
        body, last = [*body, last], None
    exec(compile(ast.Module(body, []), PAGE, "exec"), names)  # noqa: S102 — our own page
    return last and eval(compile(ast.Expression(last.value), PAGE, "eval"), names)  # noqa: S307 — as above


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this."""
    app.add_transform(Pictures)
    return {"parallel_read_safe": True}
