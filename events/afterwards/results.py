"""The figures of an event as a sentence of its page, for an editor to look at and publish."""

from django.utils import translation
from django.utils.translation import gettext as _

from events.afterwards import figures
from events.models import EventPage, RegistrationDesk


def draft_results(desk: RegistrationDesk, *, actor) -> list[EventPage]:
    """Write anonymous figures into the results of the event's page, in each language, as a draft.

    What stands there already stays above. Returns the pages; nothing is published here.
    """
    pages = []
    for page in desk.page.get_translations(inclusive=True).specific():
        newest = page.get_latest_revision_as_object()
        with translation.override(page.locale.language_code):
            sentence = in_words(desk)
        if sentence not in newest.results:
            newest.results = "\n".join(filter(None, [newest.results.strip(), sentence]))
            newest.save_revision(user=actor, log_action=True)
        pages.append(newest)
    return pages


def in_words(desk: RegistrationDesk) -> str:
    """What may be said of it: counted persons, organisations and meetings, nobody named."""
    people = figures.attended(desk)
    organisations = sum(1 for row in figures.by_organisation(desk) if row.came)
    parts = [
        _("%(persons)s persons of %(organisations)s organisations came.")
        % {"persons": people.came, "organisations": organisations}
    ]
    met = figures.meetings(desk)
    if met is not None and met.held:
        parts.append(_("%(number)s one-to-one meetings were held.") % {"number": met.held})
    return " ".join(parts)
