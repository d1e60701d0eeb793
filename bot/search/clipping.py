"""Words that people cut short: math for mathematical, sim for simulation."""

from __future__ import annotations

from collections import defaultdict

from bot.search.stemming import stem

# Only those that mean the same wherever they stand; "app" or "gen" may mean much else.
_CLIPPED = {
    "config": ("configuration",),
    "doc": ("document",),
    "eval": ("evaluation",),
    "hyperparam": ("hyperparameter",),
    "math": ("mathematical", "mathematics"),
    "param": ("parameter",),
    "photo": ("photograph",),
    "prob": ("probability",),
    "repo": ("repository",),
    "sim": ("simulation", "simulator"),
    "stat": ("statistics", "statistical"),
    "vocab": ("vocabulary",),
}


def _equal() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for short, longs in _CLIPPED.items():
        group = dict.fromkeys(map(stem, (short, *longs)))
        for one in group:
            found[one] += [other for other in group if other != one]
    return {one: tuple(others) for one, others in found.items()}


EQUAL_STEMS = _equal()
"""The stems that mean the same as one, whole or cut short."""
