"""What relations of a document may not be: to itself, twice the same, in a circle."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import InlinePanel
from wagtail.models import Page

from base.publish_check import Problem
from policies.choices import CHANGING

# A document that changes one that changes one …: no real chain is longer.
LONGEST_CHAIN = 50


@dataclass(frozen=True)
class RelationProblem:
    """`row` is the place among the relations, `field` the field that is wrong."""

    row: int
    field: str
    message: str


def relation_problems(page, relations: Iterable) -> list[RelationProblem]:
    """What is wrong with the relations that a page has or is to have.

    Args:
        page: the policy they stand on, perhaps not saved yet.
        relations: in their order; one without kind or target is left to its form.
    """
    rows = [
        (row, one) for row, one in enumerate(relations) if one.kind and one.target_id is not None
    ]
    problems, seen = [], set()
    for row, one in rows:
        key = one.target.translation_key
        if page.pk and key == page.translation_key:
            problems.append(
                RelationProblem(row, "target", _("A document has no relation to itself."))
            )
        elif (one.kind, key) in seen:
            problems.append(RelationProblem(row, "target", _("This relation stands here already.")))
        seen.add((one.kind, key))
    if page.pk:
        changed = {one.target.translation_key: row for row, one in rows if one.kind in CHANGING}
        changed.pop(page.translation_key, None)
        circular = leading_back(set(changed), page.translation_key)
        problems += [
            RelationProblem(
                changed[key],
                "target",
                circular_message(),
            )
            for key in circular
        ]
    return sorted(problems, key=lambda problem: problem.row)


def relation_warnings(page) -> list[Problem]:
    """Changes of a younger document: perhaps they were entered on the wrong one of the two."""
    return [
        Problem(
            "",
            _("“%(title)s” is younger than this document: does it not change this one?")
            % {"title": one.target.title},
        )
        for one in page.relations.all()
        if one.kind in CHANGING and _is_younger(one.target, page)
    ]


def _is_younger(one, other) -> bool:
    for name in ("adopted_on", "published_on"):
        day, other_day = getattr(one, name), getattr(other, name)
        if day and other_day:
            return day > other_day
    return False


def _wait_for_others(keys: set) -> None:
    """Within a transaction: of two who publish what changes the other's document, one comes after the other.

    Their check would see nothing wrong, for neither sees what the other has not committed yet.
    """
    if keys and connection.in_atomic_block:
        pages = Page.objects.filter(translation_key__in=keys).order_by("pk").select_for_update()
        list(pages.values_list("pk", flat=True))


def circular_message() -> str:
    return _("That document changes this one already: two documents can’t change each other.")


def leading_back(keys: set, own, also: Mapping | None = None) -> set:
    """Of `keys` those from which changing relations lead, step by step, to `own`.

    Args:
        keys: translation keys of documents that `own` changes, or is to change.
        also: {translation key: keys that it is to change} of relations that are not written yet.
    """
    from policies.models.relation import PolicyRelation  # the model's panels stand on this module

    _wait_for_others({own, *keys} if keys else set())
    return _leading_back(PolicyRelation, keys, own, also or {})


def _leading_back(model, keys: set, own, also: Mapping) -> set:
    # From where each document that was reached was set out from.
    reached = {key: {key} for key in keys}
    back: set = set()
    known: set = set()
    for _step in range(LONGEST_CHAIN):
        edges = (
            model.objects.public()
            .filter(kind__in=CHANGING, page__translation_key__in=list(reached))
            .exclude(page__translation_key=own)
            .values_list("page__translation_key", "target__translation_key")
        )
        following: dict = {}
        planned = ((source, target) for source in reached for target in also.get(source, ()))
        for source, target in (*edges, *planned):
            if target == own:
                back |= reached[source]
            elif (source, target) not in known:
                known.add((source, target))
                following.setdefault(target, set()).update(reached[source])
        if not following:
            break
        reached = following
    return back


class RelationFormSet(BaseChildFormSet):
    """Says at the field of each row what is wrong with it."""

    def clean(self):
        super().clean()
        rows = [
            form
            for form in self.forms
            if form not in self.deleted_forms
            and form.is_valid()
            and form.cleaned_data.get("target")
        ]
        for form in rows:
            if not self._to_source(form):
                form.add_error("target", _("This document has no Chinese page."))
        for problem in relation_problems(self.instance, [form.instance for form in rows]):
            form = rows[problem.row]
            if not form.errors:
                form.add_error(problem.field, problem.message)

    @staticmethod
    def _to_source(form: forms.ModelForm) -> bool:
        """Relations point to Chinese pages; whoever chose a translation means its document."""
        target = form.cleaned_data["target"]
        if target.locale.language_code == settings.LANGUAGE_CODE:
            return True
        source = (
            type(target)
            .objects.filter(
                translation_key=target.translation_key,
                locale__language_code=settings.LANGUAGE_CODE,
            )
            .first()
        )
        if source is not None:
            form.instance.target = form.cleaned_data["target"] = source
        return source is not None


class RelationsPanel(InlinePanel):
    """The relations in the editor of a Chinese page; translations show those of the Chinese page."""

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = RelationFormSet
        return options

    class BoundPanel(InlinePanel.BoundPanel):
        @property
        def template_name(self):
            locale = getattr(self.instance, "locale", None)
            if locale is None or locale.language_code == settings.LANGUAGE_CODE:
                return "wagtailadmin/panels/inline_panel.html"
            return "policies/admin/relations_elsewhere.html"
