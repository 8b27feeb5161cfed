"""The screens of registration, doors and meetings, as those of all page types: see `screens`."""

import json

import pytest

from tests.browser.screens import check_screen

# The samples have somebody in every state; their links are made as mails make them.
FIND = """
import json
from events.links import door_token, registration_token
from events.models import Participant, RegistrationDesk
def desk(slug): return RegistrationDesk.objects.get(page__slug=slug)
bayi, needs = desk("bayi-open-day"), desk("equipment-needs-shenzhen")
found = {"form": f"/registration/event/{needs.page_id}/", "known": f"/registration/event/{needs.page_id}/known/"}
for name, where in (("confirmed", bayi), ("waiting", bayi), ("cancelled", bayi), ("pending", needs), ("offered", needs), ("rejected", needs)):
    row = where.registrations.filter(status=name).order_by("-party", "pk").first()
    found[name] = f"/registration/{registration_token(row)}/"
for view in ("change", "cancel", "tickets"):
    found[view] = f"{found['confirmed']}{view}/"
found["door"] = f"/door/{door_token(bayi.doors.first())}/"
one, other = Participant.objects.filter(round__desk=desk("solar-chain-meeting"), side="investor").order_by("pk")[:2]
home = f"/one-to-one/{registration_token(one.registration)}/"
found["meetings"] = home
for view in ("profile", "times", "participants", "requests", "timetable", "leave"):
    found[f"meetings {view}"] = f"{home}{view}/"
found["meetings participant"] = f"{home}participants/{other.pk}/"
print(json.dumps(found))
"""
SCREENS = [
    "form", "known", "confirmed", "waiting", "cancelled", "pending", "offered", "rejected", "change", "cancel",
    "tickets", "door", "meetings", "meetings profile", "meetings times", "meetings participants",
    "meetings requests", "meetings timetable", "meetings leave", "meetings participant",
]  # fmt: skip


@pytest.fixture(scope="module")
def event_addresses(site) -> dict[str, str]:
    return json.loads(site.manage("shell", "-v0", "-c", FIND).splitlines()[-1])


def test_no_screen_is_forgotten(event_addresses):
    assert set(event_addresses) == set(SCREENS)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", SCREENS)
def test_screen_of_an_event_is_accessible_self_contained_and_fits(
    window, heard, event_addresses, site, kind, language
):
    prefix = "/en" if language == "en" else ""
    check_screen(window, heard, site, prefix + event_addresses[kind], language)
