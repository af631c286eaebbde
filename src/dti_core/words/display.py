"""The one way to look at a thing: what notebooks show of it, and pages take."""

from dti_core.errors import Language


class Displayed:
    """What can be looked at."""

    __slots__ = ()

    def to_html(self, language: Language | None = None) -> str:
        """What a notebook shows, for a page: escaped, with a style of its own, without script.

        In the language it speaks, Vietnamese where it speaks none, if no other is asked for.
        """
        from dti_core.notebook import page

        return page(self, language)

    def _repr_html_(self) -> str:
        return self.to_html()
