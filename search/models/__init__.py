from search.models.attachments import AttachmentText
from search.models.entries import EngineState, Entry, IndexState, PendingChange
from search.models.queries import QueryDay
from search.models.terms import Term, TermGroup

__all__ = [
    "AttachmentText",
    "EngineState",
    "Entry",
    "IndexState",
    "PendingChange",
    "QueryDay",
    "Term",
    "TermGroup",
]
