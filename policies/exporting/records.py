"""A policy and a clause as a record: what JSON, the API and spreadsheets say of them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from base.visibility import visible
from policies.choices import HOLDING
from policies.columns import BODY, CHOICE, KEY, RELATION, Column, public
from policies.importing.body import plain_text
from policies.importing.relations import cells
from policies.models import Clause, PolicyPage
from policies.record.family import Link


def value_of(page: PolicyPage, column: Column) -> object:
    """The value of a column as Python has it; a choice as its code."""
    if column.name == "id":
        return str(page.translation_key)
    if column.name == "source_id":
        origin = getattr(page, "origin", None)
        return origin.source_id if origin else ""
    if column.kind == BODY:
        return plain_text(page.body)
    if column.kind == RELATION:
        return related(page).get(column.name, "")
    return getattr(page, column.name)


def related(page: PolicyPage) -> dict[str, str]:
    """{kind of relation: the documents pointed to, as a cell names them}; asked for once a page."""
    known = page.__dict__.get("_related")
    if known is None:
        known = page.__dict__["_related"] = cells(page.relations.all())
    return known


def policy_record(
    page: PolicyPage, request: HttpRequest | None = None, *, with_body: bool = False
) -> dict[str, object]:
    """A public policy for programs: codes with their words, dates in ISO 8601, addresses in full."""
    record: dict[str, object] = {}
    for column in public():
        if column.kind == BODY and not with_body:
            continue
        value = value_of(page, column)
        if column.name == "validity":
            value = page.current_validity.value
        record[column.name] = _for_programs(column, value)
    published, updated = page.pub_date, page.last_published_at
    return record | {
        "language": page.locale.language_code,
        "url": page.get_full_url(request),
        "in_force": page.search_status[0] in HOLDING,
        "first_published_at": _moment(published),
        "last_published_at": _moment(updated),
    }


def _for_programs(column: Column, value: object) -> object:
    if column.kind == CHOICE:
        return coded(column.choices, str(value))
    if column.kind == KEY:
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def coded(choices: Iterable[tuple[str, str]], code: str) -> dict[str, str] | None:
    return {"code": code, "label": str(dict(choices).get(code, code))} if code else None


def _moment(value) -> str | None:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def relation_record(link: Link, key: UUID, request: HttpRequest | None = None) -> dict[str, object]:
    """A relation of the policy `key` to another public document, as the policy's page lists it."""
    edge, other = link.edge, link.page
    outgoing = edge.source == key
    return {
        "kind": edge.kind,
        "label": link.label,
        "direction": "to" if outgoing else "from",
        "proposed": edge.is_proposed,
        "effective_on": edge.on.isoformat() if edge.on else None,
        "part": edge.part,
        "policy": str(other.translation_key),
        "title": other.title,
        "url": other.get_full_url(request),
    }


# --- Clauses --------------------------------------------------------------------------------


def public_clauses(language: str = "") -> QuerySet[Clause]:
    """Clauses that may be shown, of policies that anybody may read.

    `language`: only those whose policy is public in it.
    """
    clauses = Clause.objects.public()
    policies = visible(PolicyPage.objects.all())
    if language:
        there = policies.filter(locale__language_code=language).values("translation_key")
        clauses = clauses.filter(policy__translation_key__in=there)
    return (
        clauses.filter(policy__in=policies.values("pk"))
        .select_related("policy", "policy__locale")
        .prefetch_related("translations")
    )


WORDS = ("title", "audience", "offer", "requirements", "materials", "apply_at", "contact")


def clause_record(clause: Clause) -> dict[str, object]:
    """A public clause for programs, in the words that readers of the active language see."""
    words = clause.words_in(translation.get_language())
    record: dict[str, object] = {
        "id": clause.pk,
        "policy": str(clause.policy.translation_key),
        "policy_title": clause.policy.title,
        **{name: getattr(words, name) for name in WORDS},
    }
    record["materials"] = [line for line in words.materials.splitlines() if line.strip()]
    record |= {
        "locator": clause.locator,
        "quote": clause.quote,
        "support": coded(Clause.Support.choices, clause.support),
        "cap": _number(clause.cap),
        "cap_unit": coded(Clause.CapUnit.choices, clause.cap_unit),
        # No amount without it: the authority decides.
        "cap_note": decided_elsewhere() if clause.cap is not None else "",
        "apply_url": clause.apply_url,
        "legal_basis": clause.legal_basis,
        "review": coded(Clause.Review.choices, clause.review),
        "reviewed_by": clause.reviewed_by,
        "is_sample": clause.is_sample,
    }
    for name in ("opens_on", "closes_on", "ends_on", "reviewed_on"):
        day = getattr(clause, name)
        record[name] = day.isoformat() if day else None
    return record


def decided_elsewhere() -> str:
    return _("Subject to the decision of the competent authority")


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def policy_address(key: str) -> str:
    return reverse("policies_api:policy", args=[key])
