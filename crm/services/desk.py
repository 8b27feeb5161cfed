"""What officers and managers do to a lead: lock, check, write, log."""

from django.db import transaction

from crm import stages
from crm.errors import (
    AlreadyOwnedError,
    AnonymisedError,
    NotAllowedError,
    NoteEmptyError,
    OwnerMissingError,
    ReasonMissingError,
    StageError,
)
from crm.models import Activity, Delivery, Lead
from crm.services.outbox import enqueue_on_commit


def lock_visible(*, lead: Lead, actor) -> Lead:
    """Return `lead` anew and locked, or raise NotAllowedError if `actor` may not work on it.

    Nobody (None) may work on samples only: that is the loader of a trial.
    """
    if actor is None:
        fresh = Lead.objects.samples().select_for_update().filter(pk=lead.pk).first()
        if fresh is None:
            raise NotAllowedError
        return fresh
    if not actor.has_perm("crm.work_lead"):
        raise NotAllowedError
    locked = Lead.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=lead.pk)
    fresh = locked.first()
    if fresh is None:
        raise NotAllowedError
    if fresh.is_anonymised:
        raise AnonymisedError
    return fresh


def log(lead: Lead, kind: str, *, actor, text: str = "", **data) -> Activity:
    return Activity.objects.create(
        lead=lead,
        organisation_id=lead.organisation_id,
        kind=kind,
        actor=actor,
        data=data,
        text=text,
    )


def take_lead(*, lead: Lead, actor) -> Lead:
    """Make `actor` the owner of a lead that nobody owns.

    Raises NotAllowedError, AnonymisedError, and AlreadyOwnedError when somebody was faster.
    """
    with transaction.atomic():
        if not actor.has_perm("crm.work_lead"):
            raise NotAllowedError
        fresh = Lead.objects.select_for_update().get(pk=lead.pk)
        if fresh.is_anonymised:
            raise AnonymisedError
        if fresh.owner_id is not None:
            raise AlreadyOwnedError
        fresh.owner = actor
        fresh.save(update_fields=["owner", "updated_at"])
        log(fresh, Activity.Kind.ASSIGNED, actor=actor, **{"from": "", "to": str(actor)})
    return fresh


def assign_lead(*, lead: Lead, owner, actor) -> Lead:
    """Give the lead to `owner`, or to nobody (None), and write to the new owner.

    Raises NotAllowedError when `actor` may not assign or `owner` may not work on leads, and
    AnonymisedError.
    """
    with transaction.atomic():
        fresh = lock_visible(lead=lead, actor=actor)
        if not actor.has_perm("crm.assign_lead"):
            raise NotAllowedError
        if owner is not None and not (owner.is_active and owner.has_perm("crm.work_lead")):
            raise NotAllowedError
        before = fresh.owner
        if before == owner:
            return fresh
        fresh.owner = owner
        fresh.save(update_fields=["owner", "updated_at"])
        names = {"from": str(before or ""), "to": str(owner or "")}
        log(fresh, Activity.Kind.ASSIGNED, actor=actor, **names)
        if owner is not None and owner != actor and owner.email:
            delivery = Delivery.objects.create(
                lead=fresh, kind=Delivery.Kind.MAIL, purpose=Delivery.Purpose.ASSIGNED
            )
            enqueue_on_commit([delivery.pk])
    return fresh


def change_stage(*, lead: Lead, to: str, reason: str, actor) -> Lead:
    """Move the lead as `crm.stages` allows.

    Raises NotAllowedError, AnonymisedError, StageError, ReasonMissingError, OwnerMissingError.
    """
    reason = reason.strip()
    with transaction.atomic():
        fresh = lock_visible(lead=lead, actor=actor)
        if not stages.may_move(fresh.stage, to):
            raise StageError
        if not reason:
            raise ReasonMissingError
        if to in stages.NEEDS_OWNER and fresh.owner_id is None and not fresh.is_sample:
            raise OwnerMissingError
        before, fresh.stage = fresh.stage, to
        fresh.save(update_fields=["stage", "updated_at"])
        log(fresh, Activity.Kind.STAGE, actor=actor, text=reason, **{"from": before, "to": to})
    return fresh


def add_note(*, lead: Lead, text: str, actor) -> Activity:
    """Raises NotAllowedError, AnonymisedError, NoteEmptyError."""
    text = text.strip()
    if not text:
        raise NoteEmptyError
    with transaction.atomic():
        fresh = lock_visible(lead=lead, actor=actor)
        return log(fresh, Activity.Kind.NOTE, actor=actor, text=text)


def reveal_contact(*, lead: Lead, actor) -> Lead:
    """Return the lead with its contact data readable; that it was looked at is on the timeline.

    Raises NotAllowedError, AnonymisedError.
    """
    with transaction.atomic():
        fresh = lock_visible(lead=lead, actor=actor)
        log(fresh, Activity.Kind.REVEALED, actor=actor)
    return fresh


def log_export(*, actor, count: int, file_format: str, query: str) -> Activity:
    """Note who took a list of leads out of the house. Raises NotAllowedError."""
    if not actor.has_perm("crm.export_lead"):
        raise NotAllowedError
    return Activity.objects.create(
        kind=Activity.Kind.EXPORTED,
        actor=actor,
        data={"count": count, "format": file_format, "query": query[:500]},
    )
