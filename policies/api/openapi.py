"""The description of the API in OpenAPI 3.1, made from the same table as its answers."""

from django.conf import settings
from django.db import models

from policies.api.asking import DEFAULT_LIMIT, MAX_LIMIT, SORTS, STATUSES
from policies.api.problems import CONTENT_TYPE
from policies.choices import CapUnit, Level, RelationKind, Review, Support
from policies.columns import BODY, CHOICE, DATE, KEY, YES_NO, Column, public
from policies.exporting.records import WORDS
from search.addresses import MAX_CODE_LENGTH, MAX_CODES
from search.results import MAX_LENGTH

VERSION = "1.1"
DATE_SCHEMA = {"type": ["string", "null"], "format": "date"}
MOMENT_SCHEMA = {"type": ["string", "null"], "format": "date-time"}
UUID_SCHEMA = {"type": "string", "format": "uuid"}
ADDRESS_SCHEMA = {"type": "string"}


def ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def coded(codes: list[str], *, nullable: bool = False) -> dict:
    return {
        "type": ["object", "null"] if nullable else "object",
        "required": ["code", "label"],
        "additionalProperties": False,
        "properties": {
            "code": {"type": "string", "enum": codes},
            "label": {"type": "string", "description": "In the language of the answer."},
        },
    }


def column_schema(column: Column) -> dict:
    field: models.Field | None = column.field
    if column.kind == DATE:
        schema = dict(DATE_SCHEMA)
    elif column.kind == CHOICE:
        empty = field is not None and field.blank
        schema = coded([code for code, _label in column.choices], nullable=empty)
    elif column.kind == YES_NO:
        schema = {"type": "boolean"}
    elif column.kind == KEY:
        schema = dict(UUID_SCHEMA)
    else:
        schema = {"type": "string"}
        if field is not None and column.kind != BODY and getattr(field, "max_length", None):
            schema["maxLength"] = field.max_length
    return schema


def policy_schema(*, with_body: bool) -> dict:
    properties = {
        column.name: column_schema(column)
        for column in public()
        if with_body or column.kind != BODY
    }
    properties |= {
        "language": {"type": "string", "enum": list(settings.LANGUAGE_CODES)},
        "url": {"type": ["string", "null"], "description": "The page for people."},
        "api_url": ADDRESS_SCHEMA,
        "in_force": {
            "type": "boolean",
            "description": "Whether it holds today, at least in parts: issued, begun, not ended.",
        },
        "first_published_at": MOMENT_SCHEMA,
        "last_published_at": MOMENT_SCHEMA,
    }
    if with_body:
        properties["clauses"] = {"type": "array", "items": ref("Clause")}
        properties["relations"] = {"type": "array", "items": ref("Relation")}
    return _object(properties)


def clause_schema() -> dict:
    properties: dict = {"id": {"type": "integer"}, "policy": UUID_SCHEMA, "policy_title": _text()}
    properties |= {name: _text() for name in WORDS}
    properties |= {
        "materials": {"type": "array", "items": _text()},
        "locator": _text(),
        "quote": _text(),
        "support": coded(Support.values, nullable=True),
        "cap": {"type": ["number", "null"]},
        "cap_unit": coded(CapUnit.values, nullable=True),
        "cap_note": {
            "type": "string",
            "description": "To be shown beside every amount: the competent authority decides.",
        },
        "apply_url": _text(),
        "legal_basis": _text(),
        "review": coded(Review.values, nullable=True),
        "reviewed_by": _text(),
        "is_sample": {"type": "boolean"},
        "opens_on": DATE_SCHEMA,
        "closes_on": DATE_SCHEMA,
        "ends_on": DATE_SCHEMA,
        "reviewed_on": DATE_SCHEMA,
    }
    return _object(properties)


def relation_schema() -> dict:
    return _object(
        {
            "kind": {"type": "string", "enum": RelationKind.values},
            "label": {"type": "string", "description": "Seen from this policy, in words."},
            "direction": {
                "type": "string",
                "enum": ["to", "from"],
                "description": "`to`: this policy does it to the other; `from`: the other to this one.",
            },
            "proposed": {"type": "boolean", "description": "Said by a draft: nothing follows yet."},
            "effective_on": DATE_SCHEMA,
            "part": {"type": "string", "description": "The part that is concerned, if not all."},
            "policy": UUID_SCHEMA,
            "title": _text(),
            "url": {"type": ["string", "null"]},
        }
    )


def page_schema(item: str) -> dict:
    return _object(
        {
            "count": {"type": "integer", "minimum": 0, "description": "Of all pages."},
            "next": {
                "type": ["string", "null"],
                "description": "Address of the next page; null on the last.",
            },
            "results": {"type": "array", "items": ref(item)},
        }
    )


def problem_schema() -> dict:
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": _text(),
            "title": _text(),
            "status": {"type": "integer"},
            "detail": _text(),
            "instance": _text(),
            "errors": {
                "type": "object",
                "description": "What is wrong, by parameter.",
                "additionalProperties": _text(),
            },
        },
    }


def _text() -> dict:
    return {"type": "string"}


def _object(properties: dict) -> dict:
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _query(name: str, schema: dict, text: str) -> dict:
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


def _several(name: str, items: dict, text: str) -> dict:
    schema = {"type": "array", "items": items, "maxItems": MAX_CODES}
    return _query(name, schema, f"{text} Any of several.") | {"style": "form", "explode": True}


def paging() -> list[dict]:
    return [
        _query(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
            "How many on a page.",
        ),
        _query("cursor", {"type": "string"}, "From `next` of the page before."),
        language(),
    ]


def language() -> dict:
    codes = list(settings.LANGUAGE_CODES)
    text = "Language of the answer; otherwise that of the address (/en/api/…)."
    return _query("lang", {"type": "string", "enum": codes}, text)


def filters() -> list[dict]:
    code = {"type": "string", "minLength": 1, "maxLength": MAX_CODE_LENGTH}
    return [
        _query("q", {"type": "string", "maxLength": MAX_LENGTH}, "Words, as on the library page."),
        _query("level", {"type": "string", "enum": Level.values}, "Level of government."),
        _several("status", {"type": "string", "enum": STATUSES}, "Validity."),
        _several("subject", code, "Subject, by its place in the State Council's list."),
        _several("topic", code, "Subject category, as the document words it."),
        _several("issuer", code, "Issuing body."),
        _several("place", code, "Place."),
        _several("year", {"type": "string", "pattern": "^[0-9]{4}$"}, "Year of the document."),
        _query("in_force", {"type": "string", "enum": ["1"]}, "Only `status=in_force`."),
        _query(
            "sort",
            {"type": "string", "enum": list(SORTS)},
            "With words the best come first, 200 at most; `date` goes through all.",
        ),
    ]


def _operation(name: str, summary: str, parameters: list[dict], schema: dict, *errors: str) -> dict:
    problems = {
        "400": "A parameter is wrong; `errors` says which.",
        "404": "There is no such policy in this language.",
        "429": "Too many requests from this connection; `Retry-After` says when to go on.",
    }
    answers = {
        code: {
            "description": problems[code],
            "content": {CONTENT_TYPE: {"schema": ref("Problem")}},
        }
        for code in ("400", *errors, "429")
    }
    ok = {
        "description": "OK",
        "headers": {"ETag": {"schema": _text(), "required": True}},
        "content": {"application/json": {"schema": schema}},
    }
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": {"200": ok, "304": {"description": "Not changed."}, **answers},
        }
    }


def description(server: str) -> dict:
    """The OpenAPI document; `server` is the address that the site is reached by."""
    key = {"name": "id", "in": "path", "required": True, "schema": UUID_SCHEMA}
    one_policy = _query("policy", UUID_SCHEMA, "Only the clauses of this policy.")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Policy library of Shangdang District",
            "version": VERSION,
            "description": (
                "Read-only: what the public pages of the policy library say, for programs. No key, no "
                "account. The official text prevails. Amounts are subject to the decision of the "
                "competent authority."
            ),
        },
        "servers": [{"url": server}],
        "paths": {
            "/api/policies/": _operation(
                "listPolicies",
                "Policies, the newest first",
                [*filters(), *paging()],
                ref("PolicyList"),
            ),
            "/api/policies/clauses/": _operation(
                "listClauses", "Clauses of support", [one_policy, *paging()], ref("ClauseList")
            ),
            "/api/policies/{id}/": _operation(
                "getPolicy", "One policy with its text", [key, language()], ref("PolicyText"), "404"
            ),
        },
        "components": {
            "schemas": {
                "Policy": policy_schema(with_body=False),
                "PolicyText": policy_schema(with_body=True),
                "PolicyList": page_schema("Policy"),
                "Clause": clause_schema(),
                "ClauseList": page_schema("Clause"),
                "Relation": relation_schema(),
                "Problem": problem_schema(),
            }
        },
    }
