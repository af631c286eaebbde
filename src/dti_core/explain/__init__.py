"""The derivation of one unit's published value: as steps of exact values, and in words."""

from collections.abc import Iterator

import attrs

from dti_core.explain import steps
from dti_core.explain.derive import Derivation
from dti_core.explain.detail import clean
from dti_core.explain.tell import Teller
from dti_core.explain.text import Block, Text
from dti_core.scores import Scores
from dti_core.terms import Language


@attrs.frozen(repr=False)
class Explanation:
    """How a unit came by the published value of a node; ``str()`` tells it in ``language``.

    ``steps`` are frozen values in the order of the calculation, numbers as exact fractions: replaying them gives the
    published value. Their kinds and fields are listed in the guide to explanations.
    """

    unit: str
    #: the unit's name, in the language asked for
    name: str
    #: the title of the rubric
    rubric: str
    node: str
    language: Language
    steps: tuple[steps.Step, ...]

    def __repr__(self) -> str:
        return f"<Explanation of {self.node!r} for {self.unit!r}: {len(self.steps)} steps>"

    def __str__(self) -> str:
        lines = [self.headline, clean(self.rubric)]
        for heading, block in self.blocks():
            lines += ["", heading, *map(str, block)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from dti_core.notebook import of_explanation

        return of_explanation(self)

    @property
    def headline(self) -> str:
        """Unit, node, published value, rank and grade in one line."""
        return f"{clean(self.name)} – {self._text.headline()}"

    def blocks(self) -> Iterator[Block]:
        """The rest of the story: headings with the lines beneath them."""
        return self._text.blocks()

    @property
    def _text(self) -> Text:
        return Text(self.steps, self.language, self.node)


def explain(scores: Scores, unit: str, language: Language) -> Explanation:
    """Explain one unit's value of a node; of the other units only the ranks are asked for, never the sums."""
    setting = scores.setting
    own = Derivation(setting, setting.marks.row(unit))
    return Explanation(
        unit=unit,
        name=setting.name(own.row, language),
        rubric=setting.rubric.title.text(language),
        node=scores.node,
        language=language,
        steps=tuple(Teller(own, language, scores).tell()),
    )
