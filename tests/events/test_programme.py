"""A programme as rows: short items of old, sessions, and whatever else may stand in the column."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from events.blocks import ProgrammeBlock, SessionBlock
from events.programme import days, read_programme

pytestmark = pytest.mark.engine_free

ZONE = ZoneInfo("Asia/Shanghai")
BEGINS = datetime(2027, 5, 20, 9, tzinfo=ZONE)
BLOCK = ProgrammeBlock()
KEY = "7b1c9a34-58d5-4f2a-9a3e-0d7f4c1e2b10"


def programme(*blocks):
    rows = [{"type": kind, "value": value, "id": KEY} for kind, value in blocks]
    return read_programme(SimpleNamespace(starts_at=BEGINS, programme=BLOCK.to_python(rows)))


def test_a_short_item_as_it_was_always_stored():
    (entry,) = programme(("row", {"time": "09:30", "title": "开场", "speaker": "主持人"}))
    assert (entry.time, entry.title, entry.is_session) == ("09:30", "开场", False)
    assert entry.starts_at == BEGINS + timedelta(minutes=30)
    assert [speaker.name for speaker in entry.speakers] == ["主持人"]
    assert str(entry.key) == KEY


@pytest.mark.parametrize(
    ("typed", "shown", "has_begin", "has_end"),
    [
        ("9:30", "09:30", True, False),
        ("09:30-10:00", "09:30–10:00", True, True),
        ("09：30 至 10：00", "09:30–10:00", True, True),
        ("10:00–09:00", "10:00", True, False),
        ("全天", "全天", False, False),
        ("25:10", "25:10", False, False),
        ("", "", False, False),
    ],
)
def test_times_as_editors_write_them(typed, shown, has_begin, has_end):
    (entry,) = programme(("row", {"time": typed, "title": "x", "speaker": ""}))
    assert entry.time == shown
    assert (entry.starts_at is not None, entry.ends_at is not None) == (has_begin, has_end)


def test_a_session_has_hours_room_and_speakers():
    session = {
        "day": None,
        "begins": "10:00:00",
        "ends": "10:40:00",
        "title": "产业链",
        "room": "一号厅",
        "about": "谁在谁的前面",
        "speakers": [
            {"type": "item", "id": KEY, "value": {"name": "甲", "position": "研究员", "about": ""}}
        ],
    }
    (entry,) = programme(("session", session))
    assert (entry.time, entry.room, entry.is_session) == ("10:00–10:40", "一号厅", True)
    assert entry.ends_at - entry.starts_at == timedelta(minutes=40)
    assert (entry.speakers[0].name, entry.speakers[0].position) == ("甲", "研究员")


def test_what_follows_a_day_is_on_that_day():
    entries = programme(
        ("row", {"time": "09:00", "title": "a"}),
        ("session", {"day": "2027-05-21", "begins": "09:00", "title": "b"}),
        ("row", {"time": "12:00", "title": "c"}),
    )
    first, second = days(entries)
    assert first.day == date(2027, 5, 20)
    assert [entry.title for entry in second.entries] == ["b", "c"]
    assert second.entries[1].starts_at == BEGINS + timedelta(days=1, hours=3)


def test_a_session_ends_after_it_begins():
    block = SessionBlock()
    value = block.to_python({"begins": "10:00", "ends": "09:00", "title": "x"})
    with pytest.raises(ValidationError):
        block.clean(value)


texts = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["09:30", "24:00", "8:61–9:00"]))

clocks = st.sampled_from([None, "", "09:30", "09:30:00", "mittags"])


@given(
    st.lists(
        st.one_of(
            st.tuples(
                st.just("row"), st.fixed_dictionaries({}, optional={"time": texts, "title": texts})
            ),
            st.tuples(
                st.just("session"),
                st.fixed_dictionaries(
                    {},
                    optional={
                        "begins": clocks,
                        "ends": clocks,
                        "title": texts,
                        "day": st.sampled_from([None, "", "2027-05-22", "x"]),
                        "speakers": st.sampled_from([[], [{"name": "甲"}], [{}]]),
                    },
                ),
            ),
            st.tuples(st.just("gone"), st.just({})),
        ),
        max_size=5,
    )
)
def test_nothing_in_the_column_breaks_the_page(blocks):
    entries = programme(*blocks)
    assert all(entry.title.strip() for entry in entries)
    assert sum(len(day.entries) for day in days(entries)) == len(entries)
