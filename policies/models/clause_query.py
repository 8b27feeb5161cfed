"""Reads of clauses, and writes past the service: whatever writes a clause or a part of it, breaks its seal.

A published clause carries the digest of what was published and the digest of its rows as they stand.
Only the service writes the second one; every other write empties it, so that a changed clause is not
shown until somebody has looked at it again (decision 0012).
"""

from datetime import date

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from base.visibility import visible
from policies.choices import INVALID, ClauseState, Validity

# What a clause may be moved by without becoming another one.
UNSHOWN = {"sort_order"}


def reliable_policies(today: date) -> models.QuerySet:
    """Policy pages that promise something on `today`: to be read by all, in force, no draft."""
    from policies.models.policy import PolicyPage  # which tells the search of its clauses

    begun = Q(in_force_from=None) | Q(in_force_from__lte=today)
    lasting = Q(in_force_until=None) | Q(in_force_until__gte=today)
    pages = PolicyPage.objects.filter(begun, lasting).exclude(
        validity__in=[*INVALID, Validity.DRAFT]
    )
    return visible(pages)


def taken_on(day: date) -> Q:
    """Of clauses: that applications are taken on `day`."""
    return (Q(opens_on=None) | Q(opens_on__lte=day)) & (Q(closes_on=None) | Q(closes_on__gte=day))


class ClauseQuerySet(models.QuerySet):
    def public(self, today: date | None = None) -> "ClauseQuerySet":
        """Clauses that may be shown: published as they stand, not ended, of a policy that holds."""
        today = today or timezone.localdate()
        policies = reliable_policies(today).filter(pk=OuterRef("policy_id"))
        return self.filter(
            Exists(policies),
            state=ClauseState.PUBLISHED,
            live_digest=F("published_digest"),
            ends_on__gte=today,
        ).exclude(published_digest="")

    def of_page(self, page) -> "ClauseQuerySet":
        """Clauses of a policy, whichever of its languages `page` is."""
        return self.filter(policy__translation_key=page.translation_key)

    def open_on(self, day: date) -> "ClauseQuerySet":
        """Clauses that take applications on `day`; without dates they always do."""
        return self.filter(taken_on(day))

    def update(self, **values) -> int:
        if set(values) - UNSHOWN:
            values["live_digest"] = ""
        return super().update(**values)

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for clause in objs:
            clause.live_digest = ""
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = [*kwargs["update_fields"], "live_digest"]
        return super().bulk_create(objs, *args, **kwargs)

    def write_state(self, **values) -> int:
        """For `policies.services.clauses` alone: an update that leaves the seal to the caller."""
        return super().update(**values)


ClauseManager = models.Manager.from_queryset(ClauseQuerySet)


class PartQuerySet(models.QuerySet):
    """Rows that belong to a clause. The clause is locked first, so that nobody publishes it meanwhile."""

    def _break_seals(self, *clause_ids: int) -> None:
        clauses = self.model._meta.get_field("clause").related_model.objects
        clauses.filter(Q(pk__in=self.order_by().values("clause")) | Q(pk__in=clause_ids)).update(
            live_digest=""
        )

    def update(self, **values) -> int:
        moved_to = getattr(values.get("clause"), "pk", None) or values.get("clause_id")
        with transaction.atomic(using=self.db):
            self._break_seals(*([moved_to] if moved_to else []))
            return super().update(**values)

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        with transaction.atomic(using=self.db):
            self.none()._break_seals(*{part.clause_id for part in objs})
            return super().bulk_create(objs, *args, **kwargs)

    def delete(self):
        with transaction.atomic(using=self.db):
            self._break_seals()
            return super().delete()


class ClausePart(models.Model):
    """Abstract: a row with a key `clause` that is shown, or decides, with its clause."""

    objects = models.Manager.from_queryset(PartQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic():
            self._break_seal()
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            self._break_seal()
            return super().delete(*args, **kwargs)

    def _break_seal(self) -> None:
        """Of the clause that the row belongs to now, and of the one it is taken from."""
        rows = type(self).objects.filter(pk=self.pk) if self.pk else type(self).objects.none()
        rows._break_seals(*([self.clause_id] if self.clause_id else []))
