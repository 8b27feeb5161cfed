"""The stored texts of pages, for the second look and for snippets."""

from collections.abc import Sequence

from search.entries import index_entry
from search.models import Entry
from search.ranking import Candidate
from search.vocabulary import text_columns


def candidates(page_ids: Sequence[int]) -> list[Candidate]:
    """The candidates of pages, in the order of the ids; pages that are not indexed are left out."""
    entries = {entry.index_id: entry for entry in Entry.objects.filter(pk__in=page_ids).defer("facets")}
    title, body = text_columns()
    rows = index_entry()._default_manager.filter(pk__in=list(entries)).values_list("pk", title, body)
    found = {
        entries[pk].page_id: Candidate(entries[pk].page_id, head, text or "", entries[pk])
        for pk, head, text in rows
    }
    return [found[page_id] for page_id in page_ids if page_id in found]
