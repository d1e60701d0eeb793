from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packaging.markers import Marker

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = ("linux", "darwin")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def locked() -> dict[str, Requirement]:
    lines = re.findall(r"^([a-z0-9][^\\#\n]*)", text_of("requirements.txt"), re.MULTILINE)
    return {canonicalize_name(each.name): each for each in map(Requirement, lines)}


def on(python: str, platform: str) -> dict[str, str]:
    return {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": platform,
        "platform_system": platform.capitalize(),
        "os_name": "posix",
    }


def holds(marker: Marker | None, environment: dict[str, str], extra: str = "") -> bool:
    return marker is None or marker.evaluate({**environment, "extra": extra})


def wanted() -> list[Requirement]:
    project = tomllib.loads(text_of("pyproject.toml"))
    lines = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(line for extra in project["project"]["optional-dependencies"].values() for line in extra),
    ]
    return [Requirement(line) for line in lines]


def needs_of(
    requirement: Requirement, environment: dict[str, str], seen: set[tuple[str, str]]
) -> Iterator[Requirement]:
    """What a requirement asks for in that environment, with what those ask for in turn."""
    yield requirement
    for extra in ("", *requirement.extras):
        name = canonicalize_name(requirement.name)
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        # What is not installed here is needed by another Python only, and asks for nothing.
        for need in map(Requirement, requires_if_installed(name)):
            if holds(need.marker, environment, extra):
                yield from needs_of(need, environment, seen)


def requires_if_installed(name: str) -> list[str]:
    try:
        return requires(name) or []
    except ModuleNotFoundError:
        return []


def test_every_dependency_is_locked_at_a_version_that_it_allows() -> None:
    lock = locked()
    for requirement in wanted():
        pin = lock[canonicalize_name(requirement.name)]
        (version,) = pin.specifier
        assert version.operator == "=="
        assert requirement.specifier.contains(version.version), f"{requirement}: {pin}"


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_lock_is_complete_for_every_python_that_is_supported(
    python: str, platform: str
) -> None:
    environment = on(python, platform)
    lock = {name for name, pin in locked().items() if holds(pin.marker, environment)}
    seen: set[tuple[str, str]] = set()
    needed = {
        canonicalize_name(need.name)
        for requirement in wanted()
        for need in needs_of(requirement, environment, seen)
    }
    assert needed - lock == set()


def test_every_locked_package_has_a_hash() -> None:
    packages = re.split(r"^(?=[a-z0-9])", text_of("requirements.txt"), flags=re.MULTILINE)[1:]
    assert len(packages) == len(locked())
    for package in packages:
        assert re.search(r"^    --hash=sha256:[0-9a-f]{64}", package, re.MULTILINE), package


def test_the_lock_names_no_index_host_address_or_path() -> None:
    lines = re.compile(
        r"[a-z0-9-]+==[\w.]+( ; python_version >= \"[\d.]+\")? \\"
        r"|    --hash=sha256:[0-9a-f]{64}( \\)?"
        r"| *#[^@]*"
    )
    text = text_of("requirements.txt")
    assert [line for line in text.splitlines() if line and not lines.fullmatch(line)] == []
    comments = re.findall(r"#.*", text)
    assert [each for each in comments if re.search(r"/|\\|https?:|--", each)] == []


def test_env_example_lists_every_setting() -> None:
    documented = [
        line.split("=")[0].lstrip("# ")
        for line in text_of(".env.example").splitlines()
        if "=" in line
    ]
    assert documented == [name.upper() for name in Settings.model_fields]


def test_env_example_says_why_before_each_setting() -> None:
    lines = text_of(".env.example").splitlines()
    for line, before in zip(lines[1:], lines, strict=False):
        if "=" in line:
            assert re.fullmatch(r"# \S.*[.]", before), line


def test_env_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    defaults = load_settings()
    shown = re.sub(r"^# (?=[A-Z_]+=)", "", text_of(".env.example"), flags=re.MULTILINE)
    Path(".env").write_text(shown, encoding="utf-8")
    assert load_settings() == defaults
    values = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    for name, value in defaults:
        assert values[name.upper()] == ("" if value is None else str(value))


@pytest.mark.parametrize("target", ["setup", "demo", "test", "check", "bench", "format", "lock"])
def test_make_help_says_what_each_target_does(target: str) -> None:
    assert re.search(rf"^{target}:.* ## \w", text_of("Makefile"), re.MULTILINE)
