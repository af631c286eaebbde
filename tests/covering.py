"""Which tests run which lines of the package, found by running all of them once with coverage."""

import json
import resource
from collections import defaultdict
from collections.abc import Generator, Iterable
from itertools import accumulate, chain
from pathlib import Path

import coverage
import pytest

ON_IMPORT = -1
"""In the place of a test: a line that runs while tests are collected."""


class Covering:
    """The tests by the lines they run, and how long they take."""

    def __init__(self, file: Path) -> None:
        """Read what a watch wrote."""
        known = json.loads(file.read_text(encoding="utf-8"))
        self.seconds: dict[str, float] = known["seconds"]
        self.lines: dict[str, dict[str, list[int]]] = known["lines"]
        self.tests = [*self.seconds]

    def of(self, file: str, spans: Iterable[range]) -> set[str]:
        """The tests that run a line of the first span of which any are run, or else of the file."""
        for span in (*spans, map(int, self.lines[file])):
            if found := self._at(file, span) - {ON_IMPORT}:
                return {self.tests[at] for at in found}
        return set()

    def is_imported(self, file: str, lines: range) -> bool:
        """Whether one of the lines runs while tests are collected."""
        return ON_IMPORT in self._at(file, lines)

    def within(self, budget: float, tests: set[str]) -> list[str]:
        """As many tests as take so many seconds, of every file for as long, the quickest first; then file by file."""
        spent = [
            (end, self.seconds[test], test)
            for part in self._by_file(tests)
            for end, test in zip(accumulate(map(self.seconds.__getitem__, part)), part, strict=True)
        ]
        ends = accumulate(seconds for _, seconds, _ in sorted(spent))
        chosen = {test for (*_, test), end in zip(sorted(spent), ends, strict=True) if end <= budget}
        return [*chain.from_iterable(self._by_file(chosen))]

    def total(self, tests: Iterable[str]) -> float:
        """The seconds that tests take."""
        return sum(map(self.seconds.__getitem__, tests))

    def _at(self, file: str, lines: Iterable[int]) -> set[int]:
        return {at for line in lines for at in self.lines[file].get(str(line), ())}

    def _by_file(self, tests: set[str]) -> list[list[str]]:
        by_file = defaultdict(list)
        for test in sorted(tests, key=lambda test: (self.seconds[test], test)):
            by_file[test.partition("::")[0]].append(test)
        return sorted(by_file.values(), key=self.total)


class Watch:
    """A plugin of pytest that runs each test as a context of coverage, and writes what the tests that pass run."""

    def __init__(self, package: Path, files: Iterable[str], written: Path) -> None:
        self.package, self.files, self.written = package, files, written
        self.coverage = coverage.Coverage(data_file=None, config_file=False, source=[str(package)])
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_sessionstart(self) -> None:
        """Begin before anything of the package is imported."""
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Time one test, and tell coverage its name."""
        started = _worked()
        self.coverage.switch_context(item.nodeid)
        done = yield
        self.coverage.switch_context("")
        self.seconds[item.nodeid] = round(_worked() - started, 4)
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Leave out what fails as it is."""
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write the seconds of the tests, and by file and line their numbers."""
        self.coverage.stop()
        seconds = {test: spent for test, spent in self.seconds.items() if test not in self.failed}
        number_of = {test: at for at, test in enumerate(seconds)} | {"": ON_IMPORT}
        lines = {}
        for file in self.files:
            found = self.coverage.get_data().contexts_by_lineno(str(self.package / file))
            lines[file] = {
                line: [number_of[test] for test in tests if test in number_of]
                for line, tests in found.items()
            }
        self.written.write_text(json.dumps({"seconds": seconds, "lines": lines}), encoding="utf-8")


def _worked() -> float:
    """The seconds that this process and those it started have worked."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
