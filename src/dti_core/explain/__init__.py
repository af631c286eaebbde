"""The derivation of one unit's published value: as steps of exact values, and in words."""

from collections.abc import Iterator

import attrs

from dti_core.columns.codes import option
from dti_core.errors import LANGUAGES, Language
from dti_core.explain import steps
from dti_core.explain.common import Common
from dti_core.explain.derive import Derivation
from dti_core.explain.detail import clean
from dti_core.explain.parts import Code
from dti_core.explain.tell import Teller
from dti_core.explain.text import Paragraph, Text
from dti_core.scores import Scores
from dti_core.terms import Label
from dti_core.words.display import Displayed

__all__ = ["Common", "Explanation", "explain"]


@attrs.frozen(repr=False, kw_only=True)
class Explanation(Displayed):
    """How a unit came by the published value of a node; ``str()`` tells it in ``language``, ``text`` in either.

    ``steps`` are frozen values in the order of the calculation, numbers as exact fractions: replaying them gives the
    published value. Their kinds and fields are listed in the guide to explanations. Explanations are equal where they
    say the same, in whichever language.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> sheet = MarkSheet.from_array([[15.5, 20], [30, 18]], rubric, units=["a", "b"])
    >>> evaluate(rubric, sheet).explain("a", language="en").headline
    'a – Total: 35.50 of 50 points, rank 2 of 2'
    """

    #: the code of the rubric
    rubric: Code
    #: the title of the rubric
    title: Label
    #: the period of the marks
    period: str | None = None
    #: the unit's code
    unit: Code
    #: what the unit is called
    name: Label
    #: the code of the node explained
    node: Code
    #: how it comes about, one after another
    steps: tuple[steps.Step, ...]
    #: what ``str()`` tells it in
    language: Language = attrs.field(default="vi", eq=False)

    def __repr__(self) -> str:
        return f"<Explanation of {self.node!r} for {self.unit!r}: {len(self.steps)} steps>"

    def __attrs_post_init__(self) -> None:
        option("language", self.language, *LANGUAGES)

    def __str__(self) -> str:
        text = self._text
        lines = [self._headed(text), clean(self.title.text(self.language))]
        for heading, block in text.blocks():
            lines += ["", heading, *map(str, block)]
        return "\n".join(lines)

    def text(self, language: Language = "vi") -> str:
        """The whole story in one language."""
        return str(attrs.evolve(self, language=language))

    @property
    def headline(self) -> str:
        """Unit, node, published value, rank and grade in one line."""
        return self._headed(self._text)

    def blocks(self) -> Iterator[Paragraph]:
        """The rest of the story: headings with the lines beneath them."""
        return self._text.blocks()

    def _headed(self, text: Text) -> str:
        return f"{clean(self.name.text(self.language))} – {text.headline()}"

    @property
    def _text(self) -> Text:
        return Text(self.steps, self.language, self.node)


def explain(common: Common, scores: Scores, unit: str, language: Language) -> Explanation:
    """Explain one unit's value of a node; of the other units only the ranks are asked for, never the sums."""
    setting = common.setting
    own = Derivation(common, setting.marks.row(unit))
    return Explanation(
        rubric=setting.rubric.code,
        title=setting.rubric.title,
        period=setting.marks.period or setting.rubric.period,
        unit=own.unit,
        name=own.name,
        node=scores.node,
        steps=tuple(Teller(own, scores).tell()),
        language=language,
    )
