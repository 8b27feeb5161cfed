"""What a policy tells the search about itself (base/models/searchable.py)."""

import re
from datetime import date

from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from policies.choices import NOT_YET, OWN_CITY, RANKS, Level
from policies.clauses.search import searchable_texts, with_clause_mark
from policies.subjects import codes_of

# "甲、乙" are two; a comma with a blank behind it belongs to an English name.
JOINED = re.compile(r"[、，；]|,(?!\s)")
SUBJECTS = re.compile(r"[、，；;]|,(?!\s)")


class FoundMixin(models.Model):
    """Facets, dates, place and words that a policy is found by."""

    class Meta:
        abstract = True

    @property
    def search_date(self) -> date | None:
        """The date of the document, which a reader knows it by, not that of its page here."""
        return self.adopted_on or self.published_on or self.in_force_from

    @classmethod
    def search_listed(cls) -> QuerySet:
        """With `clause_count`: clauses of support that readers may see. They belong to the Chinese page."""
        clauses = (
            cls.clauses.rel.related_model.objects.public()
            .filter(policy__translation_key=OuterRef("translation_key"))
            .order_by()
            .values("policy__translation_key")
            .values(number=Count("pk"))
        )
        return super().search_listed().annotate(clause_count=Coalesce(Subquery(clauses), 0))

    @property
    def search_published(self) -> date | None:
        return self.published_on or self.search_date

    @property
    def search_status(self) -> tuple[str, str, bool]:
        standing = self._stored_standing
        code = NOT_YET if standing.is_pending else standing.validity.value
        return code, standing.label, standing.is_valid

    @property
    def search_valid_until(self) -> date | None:
        return self.in_force_until

    @property
    def search_tone(self) -> str:
        return self.validity_tone

    @property
    def search_rank(self) -> int:
        own = self.level == Level.CITY and self.place_name.startswith(OWN_CITY)
        return 3 if own else RANKS.get(self.level, 0)

    @property
    def search_place(self) -> str:
        return self.place_name

    @property
    def search_facts(self) -> list[str]:
        return [fact for fact in (self.get_level_display(), self.document_number) if fact]

    def search_facets(self) -> dict[str, list[str]]:
        facets = {
            "level": [self.level],
            "subject": codes_of(self.subject),
            "topic": parts_of(SUBJECTS, self.subject),
            "issuer": parts_of(JOINED, self.issuing_body),
            "place": [self.place_name.strip()] if self.place_name.strip() else [],
            "status": [self.search_status[0]],
            "year": [str(self.search_date.year)] if self.search_date else [],
        }
        return {name: codes for name, codes in facets.items() if codes}

    @classmethod
    def get_indexed_objects(cls):
        """Pages that say whether they have clauses at all: most have none, and are asked no more."""
        return with_clause_mark(super().get_indexed_objects())

    def clause_texts(self) -> str:
        """The words of the policy's public clauses in the page's language, for the search."""
        return searchable_texts(self)


def parts_of(separators: re.Pattern, text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in separators.split(text) if part.strip()))
