"""What every test shares."""

from __future__ import annotations

import os

from hypothesis import settings

# CI asks for "ci", so that a run there is the same one twice; at a desk chance may still find more.
settings.register_profile("default", deadline=None, max_examples=50)
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
