"""What is said before somebody agrees to be shown to the others (PIPL article 17), and the receipt of it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from base.models import OfficialSettings
from crm.form_context import PRIVACY_PATH, Notice, handler_name
from crm.models import ConsentKind, ConsentText
from crm.services import GivenConsent
from events.models import Registration


@dataclass(frozen=True)
class MeetingNotice:
    """The notice as the template shows it, with the wording of the box below it."""

    text: ConsentText
    notice: Notice

    @property
    def statement(self) -> str:
        return self.text.statement.replace("{handler}", self.notice.handler)

    def given(self, address: str) -> GivenConsent:
        """The receipt of a ticked box. `address`: that of the form, without what opens it."""
        shown = self.text.shown(handler=self.notice.handler, notice=self.notice.receipt_lines())
        return GivenConsent(text=self.text, shown_text=shown, source_url=address)


def make_notice(request: HttpRequest, registration: Registration) -> MeetingNotice | None:
    """None while there is no wording of the consent: then nobody can join."""
    text = ConsentText.objects.current(get_language()).get(ConsentKind.MEETING)
    if text is None:
        return None
    official = OfficialSettings.for_request(request)
    contact = official.organiser_contact or official.telephone
    notice = Notice(
        handler=handler_name(request),
        contact=contact,
        purpose=text.purpose,
        manner=text.manner,
        data_kinds=text.data_kinds,
        kept_until=registration.keep_until,
        privacy_url=reverse("wagtail_serve", args=[PRIVACY_PATH]),
        is_named=bool(official.organiser and contact),
    )
    return MeetingNotice(text, notice)
