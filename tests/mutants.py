"""How much the tests notice: small errors are put into the package, one at a time, never in its files.

    python tests/mutants.py --sample 300 --seed 1                              # of all six rooms
    python tests/mutants.py --rooms exact evaluation --workers 2               # all of these

Each error meets tests that run its line, of every file for as long and the quickest first, until one fails. Which
those are is found once, by running all tests with coverage, and kept in a file: delete it when code or tests have
changed. What lives is printed; errors that change nothing for a user stand in mutants.toml, each with the reason.

Tests are collected once; each error is made in a process that forks off then, by giving the functions of that name
other code. What is worked out on import is made wrong in a copy of the package, for a process of its own.
"""

import argparse
import gc
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

import pytest
from covering import Covering, Watch
from mutations import Functions, Module, Mutant

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src/dti_core"
ROOMS = ("exact", "evaluation", "applicability", "scores", "marks", "columns")
MEMORY = 8 << 30
QUIETLY = ("-q", "-p", "no:cacheprovider")


class Trial(NamedTuple):
    """One error and the tests that try it."""

    mutant: Mutant
    tests: list[str]
    #: how many run its line
    able: int
    #: what the tests take
    seconds: float
    #: whether its line runs while tests are collected, too
    is_imported: bool

    def survives(self, items: Mapping[str, pytest.Item], functions: Functions) -> bool:
        """Whether no test fails with it; for a process that ends then."""
        is_made = functions.make(self.mutant)
        if is_made:
            for item in map(items.__getitem__, self.tests):
                item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        return self.survives_on_import() if self.is_imported or not is_made else True

    def survives_on_import(self) -> bool:
        """The same for an error that is there when the package is imported."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            for name in ("src", "schemas"):
                shutil.copytree(ROOT / name, copy / name)
            file = copy / "src/dti_core" / self.mutant.file
            file.write_bytes(self.mutant.made_in(file.read_bytes()))
            (copy / "tests").write_text("\n".join(self.tests), encoding="utf-8")
            environment = os.environ | {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
            command = [sys.executable, "-m", "pytest", "-x", *QUIETLY, f"@{copy / 'tests'}"]
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0

    def without(self, tests: set[str]) -> "Trial":
        """The same, but for some tests."""
        return self._replace(tests=[test for test in self.tests if test not in tests])

    def forked(self, items: Mapping[str, pytest.Item], functions: Functions) -> int:
        """A process that tries it, and ends with 0 where it lives; it may work only so long."""
        if child := os.fork():
            return child
        code = 1
        try:
            os.setsid()
            be_silent()
            limit = 10 + int(5 * self.seconds)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            signal.alarm(20 * limit)
            code = int(not self.survives(items, functions))
        finally:
            os._exit(code)


def be_silent() -> None:
    """Say nothing from now on in this process."""
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(silence, stream)


class Trials:
    """A plugin of pytest that tries one error after the other with the tests it collected."""

    def __init__(self, trials: list[Trial], workers: int) -> None:
        self.trials, self.workers = trials, workers
        self.living: list[Trial] = []
        self.out_of_time = 0
        self.failures: IO[str] | None = None

    def pytest_collection(self) -> None:
        """Draw the examples of the profile, but make no failing one smaller."""
        from hypothesis import Phase, settings  # pytest wants to load its plugins itself

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("first failure", settings.get_profile("few"), phases=phases)
        settings.load_profile("first failure")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In the place of running each test once."""
        items, functions = {item.nodeid: item for item in session.items}, Functions(PACKAGE)
        gc.freeze()
        if any(test not in items for trial in self.trials for test in trial.tests):
            raise pytest.UsageError("the map is of other tests: delete it")
        failing = self.failing(items)
        print(
            f"left out, for they fail without an error: {', '.join(sorted(failing)) or 'no test'}", flush=True
        )
        self.trials = [trial.without(failing) for trial in self.trials]
        waiting, running = [*reversed(self.trials)], dict[int, Trial]()
        while waiting or running:
            while waiting and len(running) < self.workers:
                trial = waiting.pop()
                running[trial.forked(items, functions)] = trial
            child, status = os.wait()
            self.end(running.pop(child), child, status)
        return True

    def failing(self, items: Mapping[str, pytest.Item]) -> set[str]:
        """The tests that fail here with the code as it is; those that count steps may, when others ran before."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as failures:
            if not (child := os.fork()):
                be_silent()
                self.failures = failures
                for test in dict.fromkeys(test for trial in self.trials for test in trial.tests):
                    items[test].ihook.pytest_runtest_protocol(item=items[test], nextitem=None)
                failures.flush()
                os._exit(0)
            if os.waitpid(child, 0)[1]:
                raise pytest.UsageError("tests end with the code as it is")
            failures.seek(0)
            return set(failures.read().splitlines())

    def end(self, trial: Trial, child: int, status: int) -> None:
        """Note what became of one error."""
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what its tests may have left running
        self.out_of_time += os.WIFSIGNALED(status)
        if status == 0:
            self.living.append(trial)
            print(f"{trial.mutant}    {len(trial.tests)} of {trial.able} tests", flush=True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A process that tries an error ends with the first failure."""
        if report.failed and self.failures is None:
            os._exit(1)
        elif report.failed:
            print(report.nodeid, file=self.failures)


def pytest_with(plugin: object, *arguments: str) -> int:
    """Run pytest in this process, the same examples drawn every time."""
    os.chdir(ROOT)
    os.environ |= {"HYPOTHESIS_PROFILE": "few", "PYTHONPATH": str(ROOT / "src")}
    sys.path.insert(0, str(ROOT / "src"))
    return int(pytest.main([*QUIETLY, *arguments], plugins=[plugin]))


def modules(rooms: Iterable[str]) -> list[str]:
    """The files of rooms, under the package."""
    return [f"{room}/{path.name}" for room in rooms for path in sorted((PACKAGE / room).glob("*.py"))]


def options() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sample", type=int, help="so many, drawn at random; without it all")
    parser.add_argument("--seed", type=lambda text: int(text, 0), default=0, help="of the sample")
    parser.add_argument("--rooms", nargs="+", default=ROOMS, choices=ROOMS)
    parser.add_argument("--only", default="", help="of these, those whose place and change hold this text")
    parser.add_argument("--at-least", type=float, default=95, help="how many in a hundred must be noticed")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--budget", type=float, default=30, help="seconds of tests for each")
    parser.add_argument(
        "--map", type=Path, default=ROOT / ".coverage.json", help="which tests run which lines"
    )
    return parser.parse_args()


def main() -> int:
    """Try errors: 0 where enough of those that matter are noticed."""
    asked = options()
    if not asked.map.exists():
        watch = Watch(PACKAGE, modules(ROOMS), asked.map)
        if not (child := os.fork()):
            os._exit(pytest_with(watch, "tests"))
        os.waitpid(child, 0)
    mutants = [mutant for file in modules(asked.rooms) for mutant in Module(PACKAGE, file).mutants()]
    drawn = random.Random(asked.seed).sample(mutants, asked.sample or len(mutants))  # noqa: S311
    drawn = [mutant for mutant in drawn if asked.only in str(mutant)]
    equivalent = tomllib.loads((ROOT / "tests/mutants.toml").read_text(encoding="utf-8"))
    counted = [
        mutant
        for mutant in drawn
        if not any(mutant.is_called(change) for change in equivalent.get(mutant.place, ()))
    ]
    print(f"{len(mutants)} errors, {len(drawn)} drawn, {len(drawn) - len(counted)} of them equivalent")
    for place, change in ((place, change) for place, changes in equivalent.items() for change in changes):
        is_asked = place.startswith(tuple(modules(asked.rooms)))
        if is_asked and not any(mutant.place == place and mutant.is_called(change) for mutant in mutants):
            print(f"in mutants.toml, but no longer in the code: {place}  {change}")

    covering = Covering(asked.map)
    trials = Trials([covered(covering, mutant, asked.budget) for mutant in counted], asked.workers)
    started = time.perf_counter()
    files = {test.partition("::")[0] for trial in trials.trials for test in trial.tests}
    if pytest_with(trials, "-s", *sorted(files)):
        return 1
    seconds = time.perf_counter() - started
    noticed = 100 * (1 - len(trials.living) / len(counted))
    print(
        f"{len(trials.living)} of {len(counted)} live, {noticed:.1f} % noticed ({trials.out_of_time} by time)"
        f" in {seconds:.0f} s; all {len(mutants)} would take {seconds / len(counted) * len(mutants) / 3600:.1f} h"
    )
    return int(noticed < asked.at_least)


def covered(covering: Covering, mutant: Mutant, budget: float) -> Trial:
    """The error, with tests that run its line, or else its function, or else its module."""
    able = covering.of(mutant.file, (mutant.lines, mutant.around))
    tests = covering.within(budget, able)
    is_imported = covering.is_imported(mutant.file, mutant.lines)
    return Trial(mutant, tests, len(able), covering.total(tests), is_imported)


if __name__ == "__main__":
    sys.exit(main())
