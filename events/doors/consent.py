"""The consent of somebody at the door: read aloud or on a sheet, ticked by whoever stands there."""

from django.http import HttpRequest
from django.utils.translation import get_language

from crm.form_context import handler_name
from crm.models import ConsentKind, ConsentText
from crm.services import GivenConsent


def statement(request: HttpRequest) -> str:
    """The sentence that is agreed to; "" while there is none, and then nobody can be written down."""
    text = _text()
    return text.statement.replace("{handler}", handler_name(request)) if text else ""


def given(request: HttpRequest) -> list[GivenConsent]:
    text = _text()
    if text is None:
        return []
    shown = text.shown(handler=handler_name(request))
    return [GivenConsent(text=text, shown_text=shown, source_url=request.path[:100])]


def _text() -> ConsentText | None:
    return ConsentText.objects.current(get_language()).get(ConsentKind.EVENT)
