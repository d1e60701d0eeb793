"""Where the recorded data lie; without them these tests are skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def recorded() -> Path:
    """Return the folder that ``PAPERBOY_RECORDED`` names."""
    folder = os.environ.get("PAPERBOY_RECORDED")
    if not folder:
        pytest.skip("PAPERBOY_RECORDED does not say where the recorded data lie")
    return Path(folder)
