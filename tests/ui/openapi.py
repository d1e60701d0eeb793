"""Discord's own description of its API: every body that the bot sends is held against it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from simcord.types import HttpLogEntry

_NAME = "urn:discord"
_BODIES = ("POST", "PUT", "PATCH")


class Description:
    """The request bodies of an OpenAPI 3.1 file, by method and path."""

    def __init__(self, file: Path) -> None:
        document: dict[str, Any] = json.loads(file.read_bytes())
        _choose_by_type(document, document["components"]["schemas"])
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        registry: Registry[Any] = Registry().with_resource(_NAME, resource)
        self._bodies: list[tuple[str, re.Pattern[str], Draft202012Validator]] = []
        # The more literal path first: ``messages/@original`` before ``messages/{message_id}``.
        for path in sorted(document["paths"], key=lambda one: one.count("{")):
            pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
            for method in _BODIES:
                body = document["paths"][path].get(method.lower(), {}).get("requestBody")
                if body is not None and "application/json" in body["content"]:
                    place = f"{_NAME}#/paths/{_pointed(path)}/{method.lower()}/requestBody"
                    schema = {"$ref": f"{place}/content/application~1json/schema"}
                    validator = Draft202012Validator(schema, registry=registry)
                    self._bodies.append((method, pattern, validator))

    def validator(self, method: str, path: str) -> Draft202012Validator:
        """Return what holds the bodies of a request against the description.

        Raises:
            LookupError: the description has no such request with a body.
        """
        for described, pattern, validator in self._bodies:
            if method == described and pattern.fullmatch(path):
                return validator
        raise LookupError(f"{method} {path} is not a request that takes a body")

    def faults(self, method: str, path: str, body: object) -> list[str]:
        """Say in what a body is not as it is described; nothing if all is right."""
        wire = json.loads(json.dumps(body))
        validator = self.validator(method, path)
        # A union is described as "any of" everywhere; the deepest complaint is the useful one.
        return [
            f"{method} {path}: {_deepest(error)}" for error in validator.iter_errors(_ids(wire))
        ]

    def check(self, requests: Iterable[HttpLogEntry]) -> int:
        """Fail on the first body that Discord would refuse; return how many were held against."""
        checked = 0
        for request in requests:
            if request.method in _BODIES and request.json is not None:
                assert self.faults(request.method, request.path, request.json) == []
                checked += 1
        return checked


@cache
def described(folder: Path) -> Description:
    """Return the recorded description, read once a run."""
    return Description(folder / "discord" / "openapi.json")


def _pointed(path: str) -> str:
    """Return a path as a piece of a JSON pointer in a URI fragment."""
    return path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def _choose_by_type(node: Any, schemas: dict[str, Any]) -> None:
    """Let each union of components be chosen by its ``type``, which says the same much faster.

    As it stands every branch is tried on every component, with all that is nested in it, and the
    list of all the types there are is compared for each.
    """
    if isinstance(node, list):
        for one in node:
            _choose_by_type(one, schemas)
    if not isinstance(node, dict):
        return
    if "enum" in node and "allOf" in node:
        del node["allOf"]  # the one value is among those that there are
    for union in ("oneOf", "anyOf"):
        names = [one.get("$ref", "").rpartition("/")[2] for one in node.get(union, [])]
        kinds = [_type_of(schemas.get(name, {})) for name in names]
        if names and None not in kinds and len(set(kinds)) == len(kinds):
            del node[union]
            node["required"] = ["type"]
            node["properties"] = {"type": {"enum": kinds}}
            node["allOf"] = [
                {"if": {"properties": {"type": {"const": kind}}}, "then": {"$ref": reference}}
                for kind, reference in zip(
                    kinds, [f"{_NAME}#/components/schemas/{name}" for name in names], strict=True
                )
            ]
    for value in node.values():
        _choose_by_type(value, schemas)


def _type_of(schema: dict[str, Any]) -> int | None:
    kinds = schema.get("properties", {}).get("type", {}).get("enum", [])
    return kinds[0] if len(kinds) == 1 and "type" in schema.get("required", []) else None


def _deepest(error: Any) -> str:
    while error.context:
        error = max(error.context, key=lambda one: len(one.absolute_path))
    where = "/".join(map(str, error.absolute_path))
    return f"{where}: {error.message[:200]}"


def _ids(body: Any) -> Any:
    """Write the ids that discord.py sends as numbers the way the description has them.

    ``allowed_mentions.roles`` holds integers in discord.py; Discord takes both.
    """
    if isinstance(body, dict):
        mentions = body.get("allowed_mentions")
        if isinstance(mentions, dict):
            ids = {
                name: list(map(str, mentions[name]))
                for name in mentions.keys() & {"roles", "users"}
            }
            body = body | {"allowed_mentions": mentions | ids}
        if isinstance(body.get("data"), dict):
            body = body | {"data": _ids(body["data"])}
    return body
