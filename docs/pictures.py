"""Shows what blocks of some pages give: they run in order, and below stands the picture, or what notebooks show."""

import ast
import os.path
from pathlib import Path
from typing import Any

from docutils import nodes
from matplotlib.axes import Axes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from dti_core.words.display import Displayed

PAGES = ("gallery", "notebooks")
ENGLISH = 'language = "en"'


class Shown(SphinxTransform):
    """What is shown is in the language of the pages, and so is the line that says which it is."""

    default_priority = 400

    def apply(self, **_: Any) -> None:
        """Run the blocks of the page."""
        if self.env.docname not in PAGES or self.app.builder.format != "html":
            return
        names: dict[str, Any] = {}
        for at, block in enumerate([*self.document.findall(nodes.literal_block)]):
            code = block.astext().replace(ENGLISH, f'language = "{self.config.language}"')
            if code.startswith(">>>"):
                continue
            block.rawsource, block[:] = code, [nodes.Text(code)]
            shown = _run(code, names)
            below = block.parent.index(block) + 1
            if isinstance(shown, Axes):
                block.parent.insert(below, self._picture(shown, at))
            elif isinstance(shown, Displayed):
                html = shown.to_html(self.config.language)
                block.parent.insert(below, nodes.raw("", f'<div class="output">{html}</div>', format="html"))

    def _picture(self, axes: Axes, at: int) -> nodes.image:
        folder = Path(self.app.doctreedir, "pictures")
        folder.mkdir(exist_ok=True)
        file = folder / f"{self.env.docname}-{at}.svg"
        axes.figure.savefig(file, metadata={"Date": None})
        uri = Path(os.path.relpath(file, self.app.srcdir)).as_posix()
        return nodes.image(uri=uri, alt=axes.get_title(loc="left"))


def _run(code: str, names: dict[str, Any]) -> object:
    """What the last line of a block gives, if it is an expression."""
    *body, last = ast.parse(code).body
    if not isinstance(last, ast.Expr):
        body, last = [*body, last], None
    exec(compile(ast.Module(body, []), "page", "exec"), names)  # noqa: S102 — our own page
    return last and eval(compile(ast.Expression(last.value), "page", "eval"), names)  # noqa: S307 — as above


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this."""
    app.add_transform(Shown)
    return {"parallel_read_safe": True}
