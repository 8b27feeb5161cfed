"""The mails of alerts: plain text, in the language of the subscription, each with a way out."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Locale, Page

from base.models import OfficialSettings
from base.site_name import site_name
from base.visibility import visible
from crm.mail import mail_host
from policies.alerts.filters import describe
from policies.alerts.links import reader_token, subscription_token, whole
from policies.alerts.outbox import NothingToSayError
from policies.models import AlertMail, PolicyIndexPage, PolicyPage, Told

# Documents that one mail lists; the rest is a number and a link.
LISTED = 30


@dataclass(frozen=True)
class Item:
    title: str
    url: str
    facts: str
    kind: str


def send(mail: AlertMail) -> None:
    """Raises what the mail backend raises, and NothingToSayError."""
    build(mail).send()


def build(mail: AlertMail) -> EmailMessage:
    """The message of a row of the outbox. Raises NothingToSayError when nothing is left to tell."""
    reader, language = mail.reader, mail.language
    off = whole("off", reader_token(reader), language)
    context = {
        "off": off,
        "manage": whole("manage", reader_token(reader), language),
        "sender": sender(),
    }
    # The same message sent twice, after a worker died, is one message to a mail program.
    headers = {
        "Message-ID": f"<{mail.idempotency_key}@{mail_host()}>",
        "Auto-Submitted": "auto-generated",
    }
    with translation.override(language):
        context["site"] = site_name()
        if mail.kind == AlertMail.Kind.DIGEST:
            subject = _digest(mail, context)
            # RFC 8058: mail programs unsubscribe by one POST, without opening a page.
            headers |= {
                "List-Unsubscribe": f"<{off}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        else:
            subject = _answer(mail, context)
        body = render_to_string(f"policies/mail/{mail.kind}.txt", context)
    return EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[reader.email],
        headers=headers,
    )


def _answer(mail: AlertMail, context: dict) -> str:
    """What a confirmation needs to say; returns the subject."""
    subscription = mail.subscription
    if subscription is not None:
        context["filter"] = describe(subscription.query, subscription.language)
        context["frequency"] = subscription.get_frequency_display()
        context["confirm"] = whole(
            "confirm", subscription_token(subscription), subscription.language
        )
    return {
        AlertMail.Kind.CONFIRM: _("Please confirm: alerts of the policy library"),
        AlertMail.Kind.KNOWN: _("You follow this filter of the policy library already"),
        AlertMail.Kind.FULL: _("No more filters can be followed with this address"),
    }[mail.kind]


def _digest(mail: AlertMail, context: dict) -> str:
    """The documents that the mail tells of, as far as anybody may read them now; returns the subject."""
    told = mail.told.select_related("edition").order_by("-edition__at", "-pk")
    number = told.count()
    listed = list(told[:LISTED])
    ids = [row.edition.policy_id for row in listed]
    pages = visible(PolicyPage.objects.filter(pk__in=ids)).in_bulk()
    items = [
        _item(pages[row.edition.policy_id], row) for row in listed if row.edition.policy_id in pages
    ]
    if not items:
        raise NothingToSayError
    context["new"] = [item for item in items if item.kind == Told.Kind.NEW]
    context["changed"] = [item for item in items if item.kind == Told.Kind.CHANGED]
    context["more"] = number - len(items)
    context["library"] = library_url(mail.language)
    return ngettext(
        "%(number)s document in the policy library: new or changed",
        "%(number)s documents in the policy library: new or changed",
        number,
    ) % {"number": number}


def _item(page: PolicyPage, told: Told) -> Item:
    facts = [page.issuing_body, page.document_number, page.validity_label]
    return Item(
        title=page.title,
        url=whole_address(page),
        facts=" · ".join(fact for fact in facts if fact),
        kind=told.kind,
    )


def library_url(language: str, query: str = "") -> str:
    """The whole address of the library in a language, with a filter; "" without a library."""
    locale = Locale.objects.filter(language_code=language)
    page = visible(PolicyIndexPage.objects.filter(locale__in=locale)).first()
    if page is None:
        return ""
    address = whole_address(page)
    return f"{address}?{query}" if query else address


def whole_address(page: Page) -> str:
    """The address of a page below BASE_URL: what the tree says of its host is a trial's "localhost"."""
    parts = page.get_url_parts()
    return f"{settings.BASE_URL.rstrip('/')}{parts[2]}" if parts else ""


def sender() -> str:
    """Who is behind the mail (广告法 43, 个保法 17): the organiser, as far as it is named."""
    official = OfficialSettings.objects.filter(site__is_default_site=True).first()
    if official is None:
        return ""
    parts = (official.organiser, official.organiser_contact or official.telephone)
    return " · ".join(part for part in parts if part)
