"""The sample series: made with the first samples, named as one, and taken away unless something real is in it."""

import pytest

from content.files import ContentFileError, read_collection
from content.loader import forget_samples
from content.sample_series import load_sample_series, remove_sample_series
from content.values import ValueMaker
from events.models import EventPage, EventSeries
from tests.factories.events import make_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def series():
    EventSeries.objects.all().delete()
    forget_samples()
    assert (load_sample_series(), load_sample_series()) == (1, 0)
    return EventSeries.objects.get()


def test_it_is_marked_and_sample_events_belong_to_it(series):
    assert series.name.startswith("示例") and series.name_en.startswith("Sample")
    fields = [file.fields for file in read_collection("samples")]
    assert [each["series"] for each in fields if "series" in each] == [series.slug] * 3


def test_it_goes_with_the_samples_and_is_not_made_for_those_that_are_there(series):
    make_event(series=series)
    assert (remove_sample_series(), EventSeries.objects.count()) == (1, 0)


def test_a_series_with_a_real_event_stays(series):
    make_event(series=series, is_sample=False)
    assert (remove_sample_series(), EventSeries.objects.count()) == (0, 1)


def test_a_series_that_is_not_there_is_told():
    field = EventPage._meta.get_field("series")
    with pytest.raises(ContentFileError, match="nowhere"):
        ValueMaker("x", lambda path: None).make(field, "nowhere")
