"""What is said before anybody types (PIPL article 17), and the receipts of what was agreed to."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from base.models import OfficialSettings
from crm.form_context import PRIVACY_PATH, Notice, handler_name
from crm.models import ConsentKind
from crm.services import GivenConsent
from events.registration.setup import Setup
from events.retention import keep_until

# Asked one by one, each in a box of its own that nobody has to tick but the first.
KINDS = (ConsentKind.EVENT, ConsentKind.MEETING, ConsentKind.EVENT_LEAD)


def make_notice(request: HttpRequest, setup: Setup) -> Notice | None:
    """The notice of a form; None while there is no wording of the consent."""
    text = setup.texts.get(ConsentKind.EVENT)
    if text is None:
        return None
    official = OfficialSettings.for_request(request)
    contact = official.organiser_contact or official.telephone
    return Notice(
        handler=handler_name(request),
        contact=contact,
        purpose=text.purpose,
        manner=text.manner,
        data_kinds=text.data_kinds,
        kept_until=keep_until(setup.desk),
        privacy_url=reverse("wagtail_serve", args=[PRIVACY_PATH]),
        is_named=bool(official.organiser and contact),
    )


def given_consents(
    request: HttpRequest, setup: Setup, notice: Notice | None, kinds: Iterable[str]
) -> list[GivenConsent]:
    """The receipts of the boxes that were ticked: the wording with all that stood beside it."""
    handler = handler_name(request)
    told = notice.receipt_lines() if notice else []
    return [
        GivenConsent(
            text=setup.texts[kind],
            shown_text=setup.texts[kind].shown(handler=handler, notice=told),
            source_url=request.path,
        )
        for kind in kinds
    ]
