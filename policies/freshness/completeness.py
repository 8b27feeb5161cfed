"""The official data a policy should have, and which of it is missing (DOMAIN A4).

国务院 and district libraries show these: 索引号、主题分类、发文机关、成文日期、标题、发文字号、发布日期.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from policies.choices import Level
from policies.models import PolicyPage


@dataclass(frozen=True)
class Wanted:
    """One piece of official data: the field an editor fills in, and what tells that it is empty."""

    field: str
    label: str | Promise
    is_date: bool = False
    # Of which levels it is wanted; of all where none are named.
    levels: tuple[str, ...] = ()

    @property
    def missing(self) -> Q:
        empty = Q(**({f"{self.field}__isnull": True} if self.is_date else {self.field: ""}))
        return empty & Q(level__in=self.levels) if self.levels else empty

    def is_missing(self, policy: PolicyPage) -> bool:
        if self.levels and policy.level not in self.levels:
            return False
        value = getattr(policy, self.field)
        return value is None if self.is_date else not value


WANTED = (
    Wanted("issuing_body", _("issued by")),
    Wanted("document_number", _("document number")),
    Wanted("adopted_on", _("formed on"), is_date=True),
    Wanted("published_on", _("published on"), is_date=True),
    Wanted("subject", _("subject category")),
    # Given by the body that publishes the document: nobody gives one to a law of the nation.
    Wanted("index_number", _("index number (索引号)"), levels=(Level.DISTRICT, Level.PARK)),
    Wanted("source_name", _("source")),
    Wanted("source_url", _("address of the source")),
)


def missing_any() -> Q:
    """Whether any of the official data is missing, for the database."""
    condition = Q()
    for wanted in WANTED:
        condition |= wanted.missing
    return condition


def missing_of(policy: PolicyPage) -> list[Wanted]:
    return [wanted for wanted in WANTED if wanted.is_missing(policy)]
