"""Writes planned policies into the page tree, many at a time, inside the caller's transaction.

As an editor would, in what stays behind: places in the tree, addresses, revisions of changed pages,
lines in their history. The search is told afterwards (`policies.importing.services`).
"""

import uuid
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import F, sql
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.signals import page_published

from base.slugs import ascii_slug
from policies.choices import CHANGING
from policies.importing import relations
from policies.importing.planning import Outcome, Planned
from policies.models import PolicyIndexPage, PolicyOrigin, PolicyPage, PolicyRelation
from policies.record.effects import settle

# Between the last page there is and the first imported one: an editor who adds a page meanwhile gets
# the next place, and nobody the same.
GAP = 64


class Writer:
    """Writes batches below one index page. `finish()` after the last."""

    def __init__(self, *, index: PolicyIndexPage, user=None):
        self.index, self.user = index, user
        self.now = timezone.now()
        self.content_type = ContentType.objects.get_for_model(PolicyPage)
        self.base_type = ContentType.objects.get_for_model(Page)
        self.run = uuid.uuid4()
        self._added = 0
        self._slugs: set[str] = set()
        last = index.get_last_child()
        step = len(index.path) + Page.steplen
        self._place = Page._str2int(last.path[len(index.path) : step]) + GAP if last else 0

    def write(self, plans: list[Planned]) -> list[int]:
        """Write new and changed policies; returns the ids of their pages."""
        new = [plan for plan in plans if plan.outcome == Outcome.NEW]
        changed = [plan for plan in plans if plan.outcome == Outcome.CHANGED]
        self._create(new)
        self._change(changed)
        self._log(new, changed)
        for plan in (*new, *changed):
            if plan.publishes:
                # Nothing points to a new document yet: those are settled together.
                page_published.send(
                    sender=PolicyPage,
                    instance=plan.page,
                    revision=plan.page.live_revision,
                    in_bulk=plan.outcome == Outcome.NEW,
                )
        settle(key for plan in new if plan.publishes for key in _touched(plan))
        return [plan.page.pk for plan in (*new, *changed)]

    def finish(self) -> None:
        """Count the new children; last, because the row of the index page stays locked from here on."""
        if self._added:
            Page.objects.filter(pk=self.index.pk).update(numchild=F("numchild") + self._added)

    # --- New pages ----------------------------------------------------------------------------

    def _create(self, plans: list[Planned]) -> None:
        if not plans:
            return
        for plan, slug in zip(plans, self._new_slugs(plans), strict=True):
            self._prepare(plan.page, slug, plan.publishes)
        parts = [_page_part(plan.page) for plan in plans]
        Page.objects.bulk_create(parts)
        for plan, part in zip(plans, parts, strict=True):
            plan.page.pk = plan.page.page_ptr_id = part.pk
            plan.page.id = part.pk
            plan.page._state.adding = False
            plan.page._state.db = connection.alias
        # Django writes no many rows at once of a model that inherits: the parents' part is there already.
        for insertion in _insertions([plan.page for plan in plans]):
            insertion.get_compiler(connection=connection).execute_sql()
        PolicyOrigin.objects.bulk_create(
            [
                PolicyOrigin(policy=plan.page, source_id=plan.source_id)
                for plan in plans
                if plan.source_id
            ]
        )
        self._added += len(plans)
        self._relate(plans)

    def _relate(self, plans: list[Planned]) -> None:
        """Write the relations of new pages: what they point to stands above them and is written."""
        for plan in plans:
            if plan.target is not None:
                plan.target.pk = plan.page.pk
        PolicyRelation.objects.bulk_create(
            PolicyRelation(
                page_id=plan.page.pk, kind=change.kind, target_id=target.pk, sort_order=number
            )
            for plan in plans
            for number, (change, target) in enumerate(
                (change, target) for change in plan.relations for target in change.targets
            )
        )

    def _prepare(self, page: PolicyPage, slug: str, publish: bool) -> None:
        self._place += 1
        page.slug = slug
        page.draft_title = page.title
        page.path = Page._get_path(self.index.path, self.index.depth + 1, self._place)
        page.depth = self.index.depth + 1
        page.url_path = f"{self.index.url_path}{slug}/"
        page.content_type = self.content_type
        page.owner = self.user
        page.live = publish
        page.has_unpublished_changes = not publish
        if publish:
            page.first_published_at = page.last_published_at = self.now

    def _new_slugs(self, plans: list[Planned]) -> list[str]:
        """An address for each: the title in pinyin, with a mark behind it where that is taken."""
        wanted = [ascii_slug(plan.page.title) or "policy" for plan in plans]
        below = Page.objects.child_of(self.index).filter(slug__in=wanted)
        taken = set(below.values_list("slug", flat=True)) | self._slugs
        found = []
        for plan, slug in zip(plans, wanted, strict=True):
            if slug in taken:
                slug = f"{slug}-{str(plan.page.translation_key)[:8]}"
            taken.add(slug)
            self._slugs.add(slug)
            found.append(slug)
        return found

    # --- Pages that are there -------------------------------------------------------------------

    def _change(self, plans: list[Planned]) -> None:
        if not plans:
            return
        self._keep_old(plans)
        for plan in plans:
            relations.apply(plan.page, plan.relations)
        revisions = Revision.objects.bulk_create(
            [self._revision(plan.page, self.now) for plan in plans]
        )
        for plan, revision in zip(plans, revisions, strict=True):
            self._change_one(plan, revision)

    def _keep_old(self, plans: list[Planned]) -> None:
        """A page without a revision loses its old text by the change: keep it as one."""
        bare = [plan.page.pk for plan in plans if not plan.page.latest_revision_id]
        Revision.objects.bulk_create(
            [
                self._revision(page, page.latest_revision_created_at or page.last_published_at)
                for page in PolicyPage.objects.filter(pk__in=bare)
            ]
        )

    def _revision(self, page: PolicyPage, at) -> Revision:
        return Revision(
            content_type=self.content_type,
            base_content_type=self.base_type,
            object_id=str(page.pk),
            created_at=at or self.now,
            user=self.user,
            object_str=str(page),
            content=page.serializable_data(),
        )

    def _change_one(self, plan: Planned, revision: Revision) -> None:
        page = plan.page
        plan.page.latest_revision = revision
        state = {
            "latest_revision": revision,
            "latest_revision_created_at": revision.created_at,
            "draft_title": page.title,
            "has_unpublished_changes": not plan.publishes,
        }
        if plan.publishes:
            page.live_revision = revision
            page.first_published_at = page.first_published_at or self.now
            page.last_published_at, page.live = self.now, True
            state |= {
                "live": True,
                "live_revision": revision,
                "last_published_at": self.now,
                "first_published_at": page.first_published_at,
            }
        page.has_unpublished_changes = not plan.publishes
        own = {field.name for field in PolicyPage._meta.local_concrete_fields}
        # Of a public page, what readers see stays until it is published.
        fields = list(plan.before) if plan.publishes or not page.live else []
        state |= {name: getattr(page, name) for name in fields if name not in own}
        Page.objects.filter(pk=page.pk).update(**state)
        values = {name: getattr(page, name) for name in fields if name in own}
        if values:
            PolicyPage.objects.filter(pk=page.pk).update(**values)
        if plan.relations and (plan.publishes or not page.live):
            page.relations.commit()
        if "body" in fields:
            ReferenceIndex.create_or_update_for_object(page)

    # --- History --------------------------------------------------------------------------------

    def _log(self, new: Iterable[Planned], changed: Iterable[Planned]) -> None:
        entries = [self._entry(plan, "wagtail.create") for plan in new]
        entries += [self._entry(plan, "wagtail.edit") for plan in changed]
        entries += [
            self._entry(plan, "wagtail.publish") for plan in (*new, *changed) if plan.publishes
        ]
        PageLogEntry.objects.bulk_create(entries)

    def _entry(self, plan: Planned, action: str) -> PageLogEntry:
        return PageLogEntry(
            page_id=plan.page.pk,
            content_type=self.content_type,
            label=plan.page.title,
            action=action,
            timestamp=self.now,
            uuid=self.run,
            user=self.user,
            revision=plan.page.latest_revision if action != "wagtail.create" else None,
            content_changed=True,
        )


def _touched(plan: Planned) -> set:
    """The documents whose validity a published one decides: its own, and those that it changes."""
    changing = (change for change in plan.relations if change.kind in CHANGING)
    return {plan.page.translation_key, *(one.key for change in changing for one in change.targets)}


def _page_part(page: PolicyPage) -> Page:
    """The row of Wagtail's own table."""
    fields = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    return Page(**{name: getattr(page, name) for name in fields})


def _insertions(pages: list[PolicyPage]) -> Iterable[sql.InsertQuery]:
    """The rows of the policies' own table, in portions that one statement can hold."""
    fields = PolicyPage._meta.local_concrete_fields
    size = connection.ops.bulk_batch_size(fields, pages) or len(pages)
    for start in range(0, len(pages), size):
        query = sql.InsertQuery(PolicyPage)
        query.insert_values(fields, pages[start : start + size])
        yield query
