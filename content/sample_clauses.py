"""Sample clauses of the sample policy, so that a trial sees the gate, the clauses and the matching."""

from django.db import transaction

from content.files import DATA, LANGUAGES, read_list
from content.loader import Loader
from policies.models import Clause
from policies.services.clauses import publish_clause, remove_sample_clauses

__all__ = ["load_sample_clauses", "remove_sample_clauses"]

FILE = DATA / "samples" / "clauses.yaml"
# What stands in the file beside the values of fields.
OTHER = {*LANGUAGES, "publish", "reason", "conditions"}


@transaction.atomic
def load_sample_clauses() -> int:
    """Make every sample clause and publish it as a publisher would; returns their number.

    Does nothing where the sample policy is gone or has clauses. Raises ContentFileError.
    """
    data = read_list(FILE)
    policy = Loader("samples").find_page(data["policy"])
    if policy is None or policy.specific.clauses.exists():
        return 0
    for number, row in enumerate(data["clauses"]):
        clause = _make(policy.specific, {**data["common"], **row}, number)
        if row.get("publish", True):
            publish_clause(clause=clause, by=None, reason=row.get("reason", ""))
    return len(data["clauses"])


def _make(policy, row: dict, number: int) -> Clause:
    values = {name: value for name, value in row.items() if name not in OTHER}
    clause = Clause(policy=policy, sort_order=number, is_sample=True, **values, **_words(row["zh"]))
    clause.conditions = [
        clause.conditions.model(**condition) for condition in row.get("conditions", [])
    ]
    clause.translations = [
        clause.translations.model(language=LANGUAGES[key], **_words(row[key]))
        for key in LANGUAGES
        if key != "zh" and key in row
    ]
    clause.full_clean(exclude=["policy"])
    clause.save()
    return clause


def _words(texts: dict) -> dict:
    """In the file a new line is written as \\n, so that a clause's words stand in one line."""
    return {name: str(text).replace("\\n", "\n") for name, text in texts.items()}
