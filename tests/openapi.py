"""What the bot sends, held against Discord's own OpenAPI description (JSON Schema 2020-12)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from simcord.types import HttpLogEntry

_HERE = "urn:discord"
_JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """One request that Discord describes: its method, its path, and the shape of its body."""

    method: str
    path: re.Pattern[str]
    validator: Draft202012Validator


class DiscordDescription:
    """Discord's description, ready to be asked whether a body is one that Discord takes."""

    def __init__(self, file: Path) -> None:
        document = json.loads(file.read_text("utf-8"))
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        registry: Registry[Any] = Registry().with_resource(_HERE, resource)
        self._operations = [
            Operation(
                method=method.upper(),
                path=re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)),
                validator=Draft202012Validator(_absolute(schema), registry=registry),
            )
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if method in {"post", "put", "patch"}
            if (schema := _body_schema(operation)) is not None
        ]

    def faults(self, request: HttpLogEntry) -> list[str]:
        """Return what is wrong with a request's body; the path must be one that is described."""
        found = [
            one
            for one in self._operations
            if one.method == request.method and one.path.fullmatch(request.path)
        ]
        assert found, f"{request.method} {request.path} is not described"
        return [
            f"{request.method} {request.path}: {error.json_path}: {error.message[:300]}"
            for error in found[0].validator.iter_errors(request.json)
        ]

    def check(self, requests: Iterable[HttpLogEntry]) -> int:
        """Hold every body against the description; return how many there were."""
        bodies = [
            one
            for one in requests
            if one.json is not None and one.method in {"POST", "PUT", "PATCH"}
        ]
        faults = [fault for one in bodies for fault in self.faults(one)]
        assert not faults, "\n".join(faults[:10])
        return len(bodies)


def _body_schema(operation: dict[str, Any]) -> dict[str, Any] | None:
    schema: dict[str, Any] | None = (
        operation.get("requestBody", {}).get("content", {}).get(_JSON, {}).get("schema")
    )
    return schema


def _absolute(schema: Any) -> Any:
    """Point a schema's references into the document that it was taken from."""
    if isinstance(schema, dict):
        return {
            key: f"{_HERE}{value}" if key == "$ref" else _absolute(value)
            for key, value in schema.items()
        }
    return [_absolute(one) for one in schema] if isinstance(schema, list) else schema
