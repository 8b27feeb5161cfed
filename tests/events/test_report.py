"""The report of an event: what is counted, who may see it, what may leave the house."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from events.afterwards import figures
from events.afterwards.erasing import erase
from events.afterwards.exporting import ReasonMissingError, export_registrations
from events.afterwards.following_up import ABSENT, CAME, Words, addressed, follow_up
from events.afterwards.results import draft_results
from events.afterwards.several import reported, total
from events.models import FormField
from events.services import cancel
from tests.factories.events import book, make_desk, make_event, make_guest

pytestmark = pytest.mark.django_db
HELLO, NOTHING = Words("谢谢参加", "材料已在页面。"), Words("", "")


def make_past(desk) -> None:
    page = desk.page
    page.starts_at = timezone.now() - timedelta(days=2)
    page.ends_at = page.starts_at + timedelta(hours=3)
    page.save()


@pytest.fixture
def desk():
    """Three registrations of four persons, of whom two came, and one that was cancelled."""
    desk = make_desk(capacity=10, companions_max=1)
    pair = book(desk, make_guest(organisation_name="甲公司", companions=[make_guest()]))
    book(desk, make_guest(organisation_name="乙公司"), source="poster")
    book(desk, make_guest(organisation_name="", email="", phone="13900001111"))
    cancel(book(desk, make_guest(organisation_name="丙公司")))
    pair.attendees.update(entered_at=timezone.now())
    return desk


def test_persons_are_counted_with_companions_and_nobody_stays_away_before_it_is_over(desk):
    assert figures.attended(desk) == figures.Attended(expected=4, came=2, absent=None)
    make_past(desk)
    assert figures.attended(desk).absent == 2


def test_tables_say_how_many_of_whom_came(desk):
    assert [(row.expected, row.came) for row in figures.by_source(desk)] == [(3, 2), (1, 0)]
    organisations = {row.label: row.share for row in figures.by_organisation(desk)}
    assert organisations == {"甲公司": 100, "乙公司": 0}
    assert sum(number for _day, number in figures.by_day(desk)) == 4


def test_reports_of_several_events_add_up(desk):
    make_past(desk)
    desks = list(reported({"samples": True}))
    (found,) = [one for one in desks if one.pk == desk.pk]
    assert (found.persons, found.came, found.organisations) == (4, 2, 2)
    assert total(desks).came >= 2
    assert desk.pk not in {
        one.pk for one in reported({"samples": True, "first": timezone.localdate()})
    }


def test_several_screens_answer_whatever_the_address_asks(client, make_user, desk):
    client.force_login(make_user("CRM officers"))
    for query in ("", "?series=x&enclave=99999999999999999999&first=nonsense", "?samples=on"):
        assert client.get(reverse("event_reports:index") + query).status_code == 200
    file = client.get(reverse("event_reports:file") + "?samples=on")
    assert load_workbook(BytesIO(file.content)).active.max_row >= 2


@pytest.mark.parametrize(
    "view", ["report", "report_file", "follow_up", "export", "event_reports:index"]
)
def test_editors_see_no_report(client, make_user, desk, view):
    client.force_login(make_user("Editors"))
    name, args = (view, []) if ":" in view else (f"desks:{view}", [desk.pk])
    assert client.get(reverse(name, args=args)).status_code in (302, 403)


def test_officers_see_the_report_and_take_nothing_out(client, make_user, desk):
    client.force_login(make_user("CRM officers"))
    page = client.get(reverse("desks:report", args=[desk.pk]))
    assert "甲公司" in page.content.decode()
    assert client.get(reverse("desks:export", args=[desk.pk])).status_code in (302, 403)


def test_an_export_has_no_formulas_no_erased_people_and_leaves_a_trace(make_user, desk):
    FormField.objects.create(desk=desk, key="topic", kind="line", label="议题")
    erase(book(desk, make_guest(name="删去者")))
    book(desk, make_guest(name="=1+1", answers={"topic": "+86"}))
    manager = make_user("CRM managers")
    content, _type, name = export_registrations(
        desk, actor=manager, reason="核对  名单", file_format="xlsx"
    )
    sheet = load_workbook(BytesIO(content)).active
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert name.endswith(".xlsx")
    assert len(values) == 1 + 5
    assert values[-1][3] == "'=1+1" and values[-1][-1] == "'+86"
    assert "删去者" not in str(values)
    entry = ModelLogEntry.objects.filter(action="events.export").get()
    assert entry.data == {"count": 5, "format": "xlsx", "reason": "核对 名单"}
    text, _type, _name = export_registrations(
        desk, actor=manager, reason="核对名单", file_format="csv"
    )
    assert text.startswith(b"\xef\xbb\xbf")


def test_an_export_without_reason_or_right_is_refused(make_user, desk):
    with pytest.raises(ReasonMissingError):
        export_registrations(desk, actor=make_user("CRM managers"), reason=" . ", file_format="csv")
    with pytest.raises(PermissionDenied):
        export_registrations(
            desk, actor=make_user("CRM officers"), reason="核对名单", file_format="csv"
        )
    assert not ModelLogEntry.objects.filter(action="events.export").exists()


def test_a_follow_up_reaches_each_once(make_user, desk):
    officer = make_user("CRM officers")
    options = {"whom": CAME, "chinese": HELLO, "english": NOTHING, "actor": officer}
    assert [follow_up(desk, **options), follow_up(desk, **options)] == [1, 0]
    assert not addressed(desk, ABSENT).exists()
    make_past(desk)
    assert addressed(desk, ABSENT).count() == 1  # the third gave no address


def test_a_follow_up_is_looked_at_before_it_leaves(client, make_user, desk):
    client.force_login(make_user("CRM officers"))
    address = reverse("desks:follow_up", args=[desk.pk])
    data = {"whom": "came", "subject_zh": HELLO.subject, "text_zh": HELLO.text}
    assert "is_seen" in client.post(address, data).content.decode()
    assert client.post(address, data | {"text_en": "Thanks"}).status_code == 422
    assert client.post(address, data | {"is_seen": "on"}).status_code == 302
    assert desk.registrations.filter(mails__purpose="follow_up").count() == 1


def test_figures_go_into_a_draft_and_not_onto_the_page(make_user, desk):
    pages = draft_results(desk, actor=make_user("Publishers"))
    draft_results(desk, actor=None)
    newest = make_event().get_latest_revision_as_object()
    assert len(pages) == 2
    assert newest.results.count("2") == 1
    assert make_event().results == ""
