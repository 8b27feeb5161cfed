"""Sample leads, so that a trial's desk is not empty. Each is marked as a sample and mails nobody."""

from django.db import transaction

from content.files import read_sample_leads
from content.loader import Loader
from crm import services

__all__ = ["load_sample_leads", "remove_sample_leads"]

remove_sample_leads = services.remove_sample_leads
FIELDS = [
    "name",
    "organisation_name",
    "phone",
    "email",
    "region",
    "chain",
    "scale_min",
    "scale_max",
    "currency",
    "site_need",
    "message",
    "language",
]


@transaction.atomic
def load_sample_leads() -> int:
    """Capture every sample lead, as an inquiry would be; returns their number."""
    rows = read_sample_leads()
    find_page = Loader("samples").find_page
    for row in rows:
        values = {name: row[name] for name in FIELDS if row.get(name) is not None}
        if row.get("organisation"):
            values["organisation_name"] = row["organisation"]
        source = find_page(row["source"]) if row.get("source") else None
        capture = services.capture_lead(**values, source_page=source, is_sample=True, notify=False)
        if row.get("stage", "new") != "new":
            services.change_stage(
                lead=capture.lead, to=row["stage"], actor=None, reason=row.get("reason") or "示例"
            )
    return len(rows)
