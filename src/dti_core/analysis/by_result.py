"""What a question gives back of an edition: an answer for each of its results."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Generic, TypeVar

import attrs
import numpy as np

from dti_core.analysis.doors import given_by_name
from dti_core.analysis.together import Edition
from dti_core.answer import Answer, ByCode, Columns, kept, texts
from dti_core.columns.codes import instance
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidArgument, Language
from dti_core.terms import wrong_text
from dti_core.terms.lookups import among
from dti_core.words import ANSWERS
from dti_core.words.tables import Table

A = TypeVar("A", bound=Answer)


def _answers(answers: Any) -> Frozen[str, Any]:
    by_name = given_by_name("answers", answers, wrong_text)
    for name, answer in by_name.items():
        instance(f"answers[{name!r}]", answer, Answer)
    if not by_name:
        raise InvalidArgument(ANSWERS("no_answers"))
    return Frozen(by_name)


@attrs.frozen(slots=False, eq=False, repr=False)
class ByResult(ByCode, Generic[A]):
    """An answer for each result of an edition, under its name: ``answer["districts"]``.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> from dti_core.analysis import leave_one_out, publish_together
    >>> indices = [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)]
    >>> rubric = Rubric("demo", "Ví dụ", indices, edition="01/QĐ-UBND")
    >>> result = evaluate(rubric, MarkSheet.from_array([[30, 12], [21, 20]], rubric, units=["a", "b"]))
    >>> answers = leave_one_out(publish_together({"districts": result}))
    >>> answers["districts"]
    <LeftOut: 2 units × 2 leaves>
    """

    #: by the name of the result
    answers: Frozen[str, A] = attrs.field(converter=_answers)
    _codes = "answers"

    def __repr__(self) -> str:
        return f"<ByResult: {', '.join(self)}>"

    def __getitem__(self, name: str) -> A:
        """The answer of one result."""
        return self.answers[among("result", name, self.answers)]

    def columns(self, language: Language | None = None) -> Columns:
        """The columns of all answers, one below the other; ``table`` is the name of the result."""
        parts = [answer.columns(language) for answer in self.answers.values()]
        sizes = [len(next(iter(part.values()))) for part in parts]
        joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return {"table": np.repeat(texts(self), sizes)} | joined

    def _tables(self, language: Language) -> Iterator[Table]:
        for name, answer in self.answers.items():
            for table in answer._tables(language):
                yield attrs.evolve(table, title=" – ".join(filter(None, [name, table.title])))

    def _remarks(self, language: Language) -> Iterator[str]:
        for name, answer in self.answers.items():
            yield from (f"{name}: {remark}" for remark in answer._remarks(language))


def by_result(source: object, ask: Callable[[Any], A]) -> A | ByResult[A]:
    """What each result of an edition answers; of what is none its own answer."""
    if not isinstance(source, Edition):
        return ask(source)
    return ByResult({name: ask(result) for name, result in source.results.items()})


def end_to_end(parts: Sequence[Answer], *names: str) -> dict[str, Any]:
    """Arrays and tuples of several answers, one after the other, by name."""
    columns = {name: [getattr(part, name) for part in parts] for name in names}
    return {
        name: tuple(chain(*own)) if isinstance(own[0], tuple) else kept(np.concatenate(own))
        for name, own in columns.items()
    }
