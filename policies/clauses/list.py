"""The list of all public clauses, narrowed by kind of support, level and whether one can apply now.

Its address: `?support=` and `?level=` any of several, `?open=1`, `?page=`.
"""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Locale, Page

from base.visibility import visible
from policies.choices import Level
from policies.clauses.display import SUPPORTS, shown
from policies.models import Clause
from policies.models.clause_query import taken_on

PER_PAGE = 20


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Group:
    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what it does not know is left out."""

    support: tuple[str, ...]
    level: tuple[str, ...]
    open_now: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        def known(name, values):
            return tuple(value for value in values if value in request.GET.getlist(name))

        return cls(
            support=known("support", Clause.Support.values),
            level=known("level", Level.values),
            open_now=request.GET.get("open") == "1",
        )


@require_safe
def clause_list(request: HttpRequest) -> HttpResponse:
    asked, clauses = Asked.of(request), Clause.objects.public()
    groups = _groups(asked, clauses)
    found = clauses
    if asked.support:
        found = found.filter(support__in=asked.support)
    if asked.level:
        found = found.filter(policy__level__in=asked.level)
    if asked.open_now:
        found = found.open_on(timezone.localdate())
    rows = found.select_related("policy__locale").prefetch_related("translations")
    paginator = Paginator(rows.order_by("-published_at", "-pk"), PER_PAGE)
    pages = paginator.get_page(request.GET.get("page"))
    context = {
        "groups": groups,
        "open_choice": groups[-1].choices[0],
        "pages": pages,
        "rows": _with_policies(list(pages)),
        "total": paginator.count,
        "is_narrowed": bool(asked.support or asked.level or asked.open_now),
    }
    return render(request, "policies/clause_list.html", context)


def _groups(asked: Asked, clauses) -> list[Group]:
    """The choices with the numbers that each would find beside what else is asked; one query."""
    rows = list(
        clauses.order_by()
        .values_list("support", "policy__level")
        .annotate(every=Count("pk"), open=Count("pk", filter=taken_on(timezone.localdate())))
    )

    def number(support=asked.support, level=asked.level, open_now=asked.open_now) -> int:
        return sum(
            is_open if open_now else every
            for one, other, every, is_open in rows
            if (not support or one in support) and (not level or other in level)
        )

    supports = [
        Choice(value, str(SUPPORTS[value]), number(support=(value,)), value in asked.support)
        for value in Clause.Support.values
        if value in asked.support or any(row[0] == value for row in rows)
    ]
    levels = [
        Choice(value, str(label), number(level=(value,)), value in asked.level)
        for value, label in Level.choices
        if value in asked.level or any(row[1] == value for row in rows)
    ]
    taking = Choice("1", _("Open for applications now"), number(open_now=True), asked.open_now)
    return [
        Group("support", _("Kind of support"), supports),
        Group("level", _("Level"), levels),
        Group("open", _("Applications"), [taking]),
    ]


def _with_policies(clauses: list[Clause]) -> list[dict]:
    """Each clause with its policy's page in the reader's language, the Chinese one where there is none."""
    keys = {clause.policy.translation_key for clause in clauses}
    active = Locale.get_active()
    pages = visible(
        Page.objects.filter(translation_key__in=keys, locale=active).select_related("locale")
    )
    mine = {page.translation_key: page for page in pages}
    rows = []
    for one in shown(clauses):
        source = one.clause.policy
        policy = mine.get(source.translation_key) or source
        is_original = policy.locale_id != active.pk
        rows.append({"shown": one, "policy": policy, "is_original": is_original})
    return rows
