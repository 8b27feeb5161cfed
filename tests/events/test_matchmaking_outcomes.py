"""What came of meetings: who may say it, and what the CRM hears of it."""

import pytest
from django.core import mail as mailbox
from django.core.management import call_command

from crm.models import Activity, Lead
from crm.models.organisation import name_key
from crm.services import withdraw_consent
from crm.status_link import status_path
from events.choices import MeetingStatus
from events.matchmaking.errors import OutcomeClosedError, OutcomeMissingError, RatingError
from events.models import EventMail
from events.services.outcomes import ask_how_meetings_were, note_outcome
from tests.factories.crm import OrganisationFactory
from tests.factories.meetings import (
    make_meeting,
    make_participant,
    make_round,
    make_slot,
    purposes,
)

pytestmark = pytest.mark.django_db
NOTE = "下月去看厂房"


def make_sides(*, minutes: float = -30, consents=("meeting",), **guest):
    """The two sides of a meeting that began so many minutes from now: the investor's, the firm's."""
    meeting_round = make_round()
    investor = make_participant(
        meeting_round, "investor", consents=consents, chains=["solar"], **guest
    )
    firm = make_participant(meeting_round)
    meeting = make_meeting(investor, firm, make_slot(meeting_round, minutes))
    return [meeting.sides.get(participant=one) for one in (investor, firm)]


def activities() -> list[Activity]:
    return list(Activity.objects.filter(kind=Activity.Kind.MEETING).order_by("pk"))


def test_both_sides_note_and_change_their_own(django_assert_max_num_queries):
    side, other = make_sides()
    note_outcome(side, outcome="absent")
    side.meeting.refresh_from_db()
    assert side.meeting.status == MeetingStatus.MISSED
    note_outcome(other, outcome="agreed", rating=5, note=NOTE)
    note_outcome(side, outcome="follow_up", rating=1)
    side.meeting.refresh_from_db()
    side.refresh_from_db()
    other.refresh_from_db()
    assert side.meeting.status == MeetingStatus.HELD
    assert (side.outcome, side.rating, side.note) == ("follow_up", 1, "")
    assert (other.outcome, other.rating, other.note) == ("agreed", 5, NOTE)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"outcome": ""}, OutcomeMissingError),
        ({"outcome": "marriage"}, OutcomeMissingError),
        ({"outcome": "agreed", "rating": 6}, RatingError),
        ({"outcome": "agreed", "rating": 0}, RatingError),
    ],
)
def test_what_is_no_outcome_is_refused(fields, error):
    with pytest.raises(error):
        note_outcome(make_sides()[0], **fields)


@pytest.mark.parametrize("minutes", [5, -30 - 14 * 24 * 60])
def test_an_outcome_has_its_time(minutes):
    with pytest.raises(OutcomeClosedError):
        note_outcome(make_sides(minutes=minutes)[0], outcome="agreed")


def test_a_cancelled_meeting_has_no_outcome():
    side, _ = make_sides()
    type(side.meeting).objects.update(status=MeetingStatus.CANCELLED)
    with pytest.raises(OutcomeClosedError):
        note_outcome(side, outcome="agreed")


def test_a_known_organisation_gets_a_line_without_the_note():
    known = OrganisationFactory(name="示例光伏（一）厂", name_key=name_key("示例光伏（一）厂"))
    side, _ = make_sides(organisation_name="示例光伏(一)厂")
    note_outcome(side, outcome="site_visit", note=NOTE)
    [line] = activities()
    assert (line.organisation, line.lead) == (known, None)
    assert "看厂址" in line.text or side.meeting.round.desk.page.title in line.text
    assert NOTE not in line.text
    note_outcome(side, outcome="site_visit", note=NOTE, rating=4)
    assert len(activities()) == 1


def test_with_the_consent_an_outcome_becomes_one_lead(settings):
    settings.LEAD_NOTIFY_EMAILS = ["officer@example.org"]
    side, other = make_sides(consents=("meeting", "event_lead"), organisation_name="示例资本")
    note_outcome(side, outcome="follow_up", note=NOTE)
    registration = side.participant.registration
    registration.refresh_from_db()
    lead = registration.lead
    assert (lead.organisation_name, lead.chain) == ("示例资本", "solar")
    assert lead.source_page_id == side.meeting.round.desk.page_id
    assert NOTE in lead.message
    assert [consent.kind for consent in lead.consents.all()] == ["event_lead"]
    note_outcome(other, outcome="agreed", note="他们出价太低")
    note_outcome(side, outcome="agreed", note="已谈妥")
    assert Lead.objects.filter(is_sample=False).count() == 1
    lines = [line for line in activities() if line.lead_id == lead.pk]
    assert [line.data["is_change"] for line in lines] == [False, True]
    assert "已谈妥" in lines[1].text
    assert not any("出价太低" in line.text for line in activities())


def test_the_first_word_of_the_other_side_is_a_lead_without_its_note():
    side, other = make_sides(consents=("meeting", "event_lead"))
    note_outcome(other, outcome="agreed", note="他们出价太低")
    lead = Lead.objects.get(is_sample=False)
    assert lead.name == side.participant.registration.name
    assert "出价太低" not in lead.message


@pytest.mark.parametrize("outcome", ["no_match", "absent"])
def test_of_nothing_no_lead_is_made(outcome):
    side, _ = make_sides(consents=("meeting", "event_lead"))
    note_outcome(side, outcome=outcome, note=NOTE)
    assert not Lead.objects.filter(is_sample=False).exists()
    assert activities() == []


def test_a_withdrawn_consent_makes_no_lead_and_an_erased_one_stays_erased():
    side, _ = make_sides(consents=("meeting", "event_lead"))
    note_outcome(side, outcome="agreed", note=NOTE)
    lead = Lead.objects.get(is_sample=False)
    withdraw_consent(lead=lead, kind="event_lead")
    note_outcome(side, outcome="follow_up", note="再谈")
    lead.refresh_from_db()
    assert (lead.is_anonymised, lead.message) == (True, "")
    assert not any(NOTE in line.text or "再谈" in line.text for line in activities())
    assert Lead.objects.filter(is_sample=False).count() == 1


def test_everybody_is_asked_once_when_the_last_meeting_is_over():
    side, other = make_sides(minutes=-30)
    third = make_participant(side.participant.round)
    later = make_slot(side.participant.round, 60)
    make_meeting(other.participant, third, later)
    assert ask_how_meetings_were() == 1
    assert purposes(side.participant) == ["rate"]
    assert ask_how_meetings_were() == 0
    assert ask_how_meetings_were(now=later.ends_at) == 2
    assert purposes(other.participant) == purposes(third) == ["rate"]


def test_all_of_it_is_in_the_rounds_of_events():
    side, _ = make_sides(minutes=-30)
    EventMail.objects.all().delete()
    call_command("tend_events", verbosity=0)
    assert [mail.purpose for mail in side.participant.registration.mails.all()] == ["rate"]
    assert "/one-to-one/" in mailbox.outbox[-1].body


def test_a_lead_of_an_event_is_erased_from_its_own_page(client):
    side, _ = make_sides(consents=("meeting", "event_lead"))
    note_outcome(side, outcome="agreed")
    lead = Lead.objects.get(is_sample=False)
    page = status_path(lead.public_id)
    assert "撤回并删除" in client.get(page).content.decode()
    assert client.post(f"{page}withdraw/event_lead/").status_code == 303
    lead.refresh_from_db()
    assert (lead.is_anonymised, lead.name) == (True, "")
