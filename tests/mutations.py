"""The small errors that can be made in a module, each known by its function and its text."""

import ast
import gc
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import accumulate, chain, pairwise
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

OPERATORS: dict[type[ast.AST], tuple[str, ...]] = {
    # as written, then what it is mistaken for: the boundary of a comparison, its negation, one operator for another
    ast.Lt: ("<", "<=", ">="),
    ast.LtE: ("<=", "<", ">"),
    ast.Gt: (">", ">=", "<="),
    ast.GtE: (">=", ">", "<"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
    ast.Not: ("not", ""),
    ast.Invert: ("~", ""),
    ast.USub: ("-", ""),
}
NAMES = {"min": "max", "any": "all", "minimum": "maximum", "floor": "ceil", "argmin": "argmax"}
NAMES |= {there: here for here, there in NAMES.items()}
DROPPED = (ast.AugAssign, ast.Raise, ast.Continue, ast.Break, ast.Delete)
DISPLAY = ("__repr__", "__str__", "_repr_html_")
Scope = ast.FunctionDef | ast.ClassDef
Change = tuple[int, int, str]
"""From where to where in the source which text is written instead."""


class Mutant(NamedTuple):
    """One error in a module of the package."""

    file: str
    #: file and function
    place: str
    #: in words that stay the same when other lines move
    change: str
    #: of the statement, and of the function or class around it
    lines: range
    around: range
    #: the outermost function in whose body it is; None where it is made when the module is imported
    function: str | None
    start: int
    end: int
    text: str

    def __str__(self) -> str:
        return f"{self.place}:{self.lines.start}  {self.change}"

    def is_called(self, change: str) -> bool:
        """Whether it is this change, or begins like one that ends in …."""
        return self.change.startswith(change[:-1]) if change.endswith("…") else self.change == change

    def made_in(self, source: bytes) -> bytes:
        """The module with the error."""
        return source[: self.start] + self.text.encode() + source[self.end :]


class Module:
    """Finds errors that can be made: not in annotations, decorators, ``strict`` or what is for display alone."""

    def __init__(self, package: Path, file: str) -> None:
        self.file = file
        self.source = (package / file).read_bytes()
        self.starts = [0, *accumulate(map(len, self.source.splitlines(keepends=True)))]
        self.seen: Counter[tuple[str, str]] = Counter()

    def mutants(self) -> list[Mutant]:
        """All of them, in the order of the source."""
        tree = ast.parse(self.source)
        return [mutant for statement in tree.body for mutant in self._inside(statement, (), statement)]

    def _inside(self, node: ast.AST, around: tuple[Scope, ...], statement: ast.stmt) -> Iterator[Mutant]:
        if isinstance(node, ast.stmt):
            statement = node
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            around = (*around, node)
            if node.name in DISPLAY or any("overload" in ast.unparse(each) for each in node.decorator_list):
                return
        for change in chain(
            self._operators(node), self._values(node), self._dropped(node), self._turned(node)
        ):
            yield self._mutant(around, statement, change)
        for name, value in ast.iter_fields(node):
            is_skipped = name in ("annotation", "returns", "decorator_list")
            for child in [] if is_skipped else value if isinstance(value, list) else [value]:
                is_shown = isinstance(child, ast.JoinedStr) or getattr(child, "arg", None) in (
                    "repr",
                    "strict",
                )
                if isinstance(child, ast.AST) and not is_shown:
                    yield from self._inside(child, around, statement)

    def _mutant(self, around: tuple[Scope, ...], statement: ast.stmt, change: Change) -> Mutant:
        start, end, text = change
        first, last = self._span(statement)
        if body := getattr(statement, "body", None):
            last = self._span(body[0])[0]
        parts = (self.source[first:start], self.source[start:end], self.source[end:last])
        left, old, right = (" ".join(part.decode().split()) for part in parts)
        place = ".".join((self.file, *(node.name for node in around)))
        words = f"{left[-40:]} [{old[:60]} → {text[:60]}] {right[:40]}".strip()
        self.seen[place, words] += 1
        if self.seen[place, words] > 1:
            words += f" #{self.seen[place, words]}"
        lines = range(statement.lineno, self.source[:last].rstrip().count(b"\n") + 2)
        outer = range(around[-1].lineno, (around[-1].end_lineno or 0) + 1) if around else range(0)
        depth = next((at for at, node in enumerate(around, 1) if isinstance(node, ast.FunctionDef)), None)
        is_inside = depth is not None and statement is not around[depth - 1]
        function = ".".join(node.name for node in around[:depth]) if is_inside else None
        return Mutant(self.file, place, words, lines, outer, function, start, end, text)

    def _operators(self, node: ast.AST) -> Iterator[Change]:
        found: list[tuple[ast.AST, ast.AST | None, ast.AST]] = []
        match node:
            case ast.Compare(left=left, ops=operators, comparators=rights):
                found = [*zip(operators, [left, *rights], rights, strict=False)]
            case ast.BoolOp(op=operator, values=values):
                found = [(operator, left, right) for left, right in pairwise(values)]
            case (
                ast.BinOp(left=left, op=operator, right=right)
                | ast.AugAssign(target=left, op=operator, value=right)
            ):
                found = [(operator, left, right)]
            case ast.UnaryOp(op=operator, operand=right):
                found = [(operator, None, right)]
        for sign, before, after in found:
            start = self._span(before)[1] if before else self._span(node)[0]
            between = self.source[start : self._span(after)[0]]
            written, *others = OPERATORS.get(type(sign), ("",))
            for other in others:
                token = re.search(re.escape(written).encode(), between)
                assert token, f"{self.file}: no {written} in {between!r}"
                yield start + token.start(), start + token.end(), other

    def _values(self, node: ast.AST) -> Iterator[Change]:
        match node:
            case ast.Constant(value=bool(value)):
                yield (*self._span(node), str(not value))
            case ast.Constant(value=int(value) | float(value)):
                yield (*self._span(node), str(value + 1))
                yield (*self._span(node), str(value - 1))
            case ast.Name(id=name) | ast.Attribute(attr=name, value=ast.Name(id="np")) if name in NAMES:
                end = self._span(node)[1]
                yield end - len(name), end, NAMES[name]
            case ast.Call(func=ast.Attribute(attr=name, value=values) as method) if (
                name in NAMES and ast.unparse(values) != "np"
            ):
                end = self._span(method)[1]
                yield end - len(name), end, NAMES[name]
            case ast.Return(value=ast.expr() as value) if getattr(value, "value", 0) is not None:
                yield (*self._span(value), "None")

    def _dropped(self, node: ast.AST) -> Iterator[Change]:
        match node:
            case ast.Expr(value=ast.Call()) | ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
                yield (*self._span(node), "pass")
        if isinstance(node, DROPPED):
            yield (*self._span(node), "pass")

    def _turned(self, node: ast.AST) -> Iterator[Change]:
        """Conditions turned round; a comparison and a negation are by their operators."""
        for test in [getattr(node, "test", None), *getattr(node, "ifs", ())]:
            is_plain = isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.BoolOp | ast.BinOp)
            if is_plain and ast.unparse(test) != "TYPE_CHECKING":
                start, end = self._span(test)
                yield start, end, f"not ({self.source[start:end].decode()})"

    def _span(self, node: Any) -> tuple[int, int]:
        start = self.starts[node.lineno - 1] + node.col_offset
        return start, self.starts[node.end_lineno - 1] + node.end_col_offset


class Functions:
    """The functions of a package that this process has loaded, whose code can be exchanged."""

    def __init__(self, package: Path) -> None:
        self.package = package
        self.by_name = defaultdict[tuple[str, str], list[FunctionType]](list)
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(str(package)):
                self.by_name[each.__code__.co_filename, each.__code__.co_qualname].append(each)

    def make(self, mutant: Mutant) -> bool:
        """Give a function the code with the error; False where it cannot be exchanged."""
        path = self.package / mutant.file
        codes = {
            code.co_firstlineno: code
            for code in _inside(compile(mutant.made_in(path.read_bytes()), str(path), "exec"))
            if code.co_qualname == mutant.function
        }
        found = self.by_name[str(path), mutant.function or ""]
        try:
            for function in found:
                function.__code__ = codes[function.__code__.co_firstlineno]
        except (KeyError, ValueError):  # moved, or with other variables of its surroundings
            return False
        return bool(found)


def _inside(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _inside(constant)
