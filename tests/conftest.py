"""How hard the property tests search: `HYPOTHESIS_PROFILE=default`, `ci`, `few` or `deep`.

`ci` and `few` draw the same examples every time, so that the same commit passes or fails alike; the others look
further.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from tallied import tallied

for name, examples in {"default": 150, "ci": 100, "few": 25, "deep": 1000}.items():
    settings.register_profile(
        name,
        max_examples=examples,
        derandomize=name in ("ci", "few"),
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how much the oracles have looked at, in a run of one process."""
    for what, count in tallied.items():
        terminalreporter.write_line(f"{count:,} {what}")
