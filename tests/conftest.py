"""How hard the property tests search: `HYPOTHESIS_PROFILE=default`, `ci` or `deep`."""

import os

from hypothesis import HealthCheck, settings

for name, examples in {"default": 150, "ci": 300, "deep": 5000}.items():
    settings.register_profile(
        name,
        max_examples=examples,
        derandomize=False,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
