"""The tables as a program reads them, described in its own words: OpenAPI 3.1, from the tables' own columns."""

from collections.abc import Mapping
from typing import Any

from ita_core.exports import making, tables
from ita_core.exports.tables import Column, Value

VERSION = "1.0.0"  # of what is described: another one where something that a program relies on became another
PROBLEM = "application/problem+json"
_SHAPES: Mapping[Value, dict[str, Any]] = {
    Value.text: {"type": "string"},
    Value.number: {"type": "number"},
    Value.share: {"type": "number", "minimum": 0, "maximum": 1},
    Value.date: {"type": "string", "format": "date"},
    Value.moment: {"type": "string", "format": "date-time"},
    Value.answer: {"type": "boolean"},
    Value.list: {"type": "array", "items": {"type": "string"}},
    Value.record: {"type": "object"},
}
_WAYS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "format": ("How the table is to come.", {"enum": list(making.ENCODINGS), "default": "json"}),
    "as_of": ("The day asked about, YYYY-MM-DD of the Christian era, up to today; without it, today.",
              {"format": "date"}),
    "office": ("The office's code; without it, one's own.", {}),
    "year": ("The fiscal year of the Buddhist era, like 2568; without it, the one that today lies in.", {}),
}  # fmt: skip
_FAULTS = {
    "400": "Something in the address means nothing here, or holds a token, which has no place there.",
    "401": "No token came, or one that does not hold.",
    "404": "There is no such thing for whoever holds the token.",
    "405": "Only GET and HEAD are answered.",
    "429": "Too many requests, or too many wrong tokens from this network.",
    "503": "The database is busy.",
}
_LATER = {"429", "503"}


def openapi(server: str) -> dict[str, Any]:
    """The description for programs; `server` is where it is served, "" for the same as the description's own."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ITA dashboard",
            "version": VERSION,
            "description": "The tables of `ita export`, as whoever holds the token may read them: the rights are asked "
            "at each request. Tokens are made on the page “My account”.",
        },
        "servers": [{"url": server or "/"}],
        "security": [{"token": []}],
        "paths": {
            "/api/v1/": {"get": _get("list", "What there is", "What the holder of the token may ask for.", _listed())},
            **{f"/api/v1/{name}": {"get": _table(name)} for name in making.TABLES},
            "/api/v1/calendar.ics": {"get": _calendar()},
            "/api/v1/openapi.json": {"get": _itself()},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {**{name: row(name) for name in making.TABLES}, "problem": _problem()},
            "responses": {status: _fault(status) for status in _FAULTS},
        },
    }


def row(name: str) -> dict[str, Any]:
    """The JSON Schema of one row of a table."""
    columns = {column.key: _shape(column) for column in tables.COLUMNS[name]}
    return {
        "type": "object", "title": making.TABLES[name][0], "properties": columns, "required": list(columns),
        "additionalProperties": False,
    }  # fmt: skip


def _shape(column: Column) -> dict[str, Any]:
    shape = dict(_SHAPES[column.value]) | {"description": column.heading}
    if column.codes:
        shape["enum"] = [*column.codes, *([None] if column.empty else [])]
    if column.empty:
        shape["type"] = [shape["type"], "null"]
    return shape


def _get(name: str, summary: str, about: str, answer: dict[str, Any]) -> dict[str, Any]:
    faults = {status: {"$ref": f"#/components/responses/{status}"} for status in _FAULTS}
    return {"operationId": name, "summary": summary, "description": about, "responses": {"200": answer, **faults}}


def _table(name: str) -> dict[str, Any]:
    title, about = making.TABLES[name]
    text, file = {"schema": {"type": "string"}}, {"schema": {"type": "string", "contentMediaType": "application/zip"}}
    rows = {"schema": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}}
    content = {making.ENCODINGS[one][0].split(";")[0]: shape for one, shape in
               (("json", rows), ("csv", text), ("xlsx", file))}  # fmt: skip
    answer = {"description": about, "content": content, "headers": {"ETag": {"schema": {"type": "string"}}}}
    made = _get(name, title, about, answer)
    made["responses"]["304"] = {"description": "It is what If-None-Match names."}
    made["parameters"] = [_parameter(way, about, more) for way, (about, more) in _WAYS.items()]
    made["parameters"] += [
        _parameter(one, "Only what fits, as the screens' addresses have it.", {}) for one in making.CHOSEN_BY[name]
    ]
    return made


def _parameter(name: str, about: str, more: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": about, "schema": {"type": "string", **more}}


def _listed() -> dict[str, Any]:
    text = {"type": "string"}
    parts = {
        "tables": ({"name": text, "title": text, "about": text, "address": text}),
        "years": ({"office": text, "year": {"type": "integer"}, "name": text, "starts": text, "ends": text}),
    }
    properties = {
        name: {"type": "array", "items": {"type": "object", "properties": of, "required": list(of)}}
        for name, of in parts.items()
    }
    shape = {"type": "object", "properties": properties, "required": list(parts)}
    return {"description": "Tables, and offices with their years.", "content": {"application/json": {"schema": shape}}}


def _calendar() -> dict[str, Any]:
    answer = {"description": "iCalendar (RFC 5545).", "content": {"text/calendar": {"schema": {"type": "string"}}}}
    made = _get("calendar", "Calendar", "Deadlines, steps, directives and meetings.", answer)
    made["responses"]["304"] = {"description": "It is what If-None-Match names."}
    whose: dict[str, Any] = {"enum": ["mine", "office"], "default": "mine"}
    made["parameters"] = [_parameter("whose", "One's own, or the office's as far as it may be read.", whose)]
    return made


def _itself() -> dict[str, Any]:
    shape = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "describe", "summary": "This description", "security": [],
        "responses": {"200": {"description": "OpenAPI 3.1.", "content": shape}},
    }  # fmt: skip


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    properties = {"type": text, "title": text, "status": {"type": "integer"}, "detail": text}
    return {"type": "object", "properties": properties, "required": ["type", "title", "status"]}


def _fault(status: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": _FAULTS[status],
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}},
    }
    if status in _LATER:
        made["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return made
