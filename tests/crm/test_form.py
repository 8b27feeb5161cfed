"""The form by itself: what it takes, what it refuses, and that no input breaks it."""

from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.forms import KEPT_CHARACTERS, InquiryForm, readable
from crm.models import ConsentText

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


@pytest.fixture
def bind(inquiry):
    texts = ConsentText.objects.current("zh-hans")

    def make(**changes):
        return InquiryForm(inquiry(**changes), texts=texts, handler="示例单位")

    return make


def test_good_form_is_taken(bind):
    form = bind()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["scale_min"] == Decimal(1000)
    assert not form.cleaned_data["consent_sharing"]


@pytest.mark.parametrize(
    "least", [{"phone": "13800138000", "email": ""}, {"phone": "", "email": "a@example.org"}]
)
def test_name_one_way_and_consent_are_enough(bind, least):
    optional = ("organisation_name", "region", "chain", "scale_min", "scale_max", "currency")
    form = bind(**dict.fromkeys((*optional, "site_need", "message"), ""), **least)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["currency"] == "CNY"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "王" * 81),
        ("name", "\x00"),
        ("name", "a\x07b"),
        ("organisation_name", "x" * 121),
        ("phone", "1380013800"),
        ("phone", "1" * 41),
        ("email", "wang@"),
        ("email", "a" * 260 + "@example.org"),
        ("email", "İ" * 200 + "@example.org"),
        ("region", "CN-XX"),
        ("chain", "gold"),
        ("scale_min", "三千多"),
        ("scale_min", "-1"),
        ("scale_min", "NaN"),
        ("scale_min", "1e99999999"),
        ("scale_min", "Infinity"),
        ("scale_max", "999"),
        ("currency", "XXX"),
        ("site_need", "x" * 501),
        ("message", "x" * 3001),
        ("message", "nul\x00nul"),
        ("consent_processing", ""),
    ],
)
def test_fault_is_said_at_its_field(bind, field, value):
    form = bind(**{field: value})
    assert list(form.errors) == [field]
    assert form[field].value() == (value or form[field].value())


def test_one_way_to_answer_is_asked_for_once(bind):
    assert list(bind(phone="", email="").errors) == ["phone"]
    assert list(bind(phone="", email="wrong").errors) == ["email"]


@pytest.mark.parametrize("written", ["1200", "1,200", "１２００", " 1 200 ", "1200.00"])
def test_figures_are_read_as_people_write_them(bind, written):
    form = bind(scale_min=written)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["scale_min"] == Decimal(1200)


def test_line_breaks_in_a_line_become_spaces(bind):
    form = bind(name="Jane\r\nDoe")
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Jane Doe"


def test_filled_trap_says_so_and_blames_no_field(bind):
    form = bind(homepage="http://spam.example")
    assert not form.is_valid()
    assert list(form.errors) == ["__all__"]


def test_hidden_nonsense_is_passed_over(bind):
    form = bind(source="\x00", token="x" * 900)
    assert form.is_valid()
    assert (form.cleaned_data["source"], form.cleaned_data["token"]) == ("", "")


def test_boxes_are_unticked_and_labelled_with_the_handler(bind):
    texts = ConsentText.objects.current("en")
    page = InquiryForm(texts=texts, handler="the Bureau").as_p()
    assert "I agree that the Bureau uses" in page
    assert "checked" not in page


def test_another_language_reads_the_texts_of_the_first():
    assert {t.language for t in ConsentText.objects.current("ja").values()} == {"zh-hans"}


def test_readable_keeps_the_last_of_repeated_keys_and_cuts_the_absurd():
    data = QueryDict(mutable=True)
    data.setlist("name", ["first", "last"])
    data["message"] = "x" * (KEPT_CHARACTERS + 5)
    data["site_need"] = "lone \ud800 surrogate"
    data["unknown"] = "dropped"
    assert readable(data) == {
        "name": "last",
        "message": "x" * KEPT_CHARACTERS,
        "site_need": "lone ? surrogate",
    }


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.sampled_from([*InquiryForm.base_fields, "other"]),
        st.one_of(
            ANY_TEXT, st.from_regex(r"[\d.,eE+-]{1,30}"), st.sampled_from(["on", "CNY", "0"])
        ),
    )
)
def test_no_text_breaks_the_form(values):
    data = QueryDict(mutable=True)
    data.update(values)
    texts = ConsentText.objects.current("zh-hans")
    form = InquiryForm(readable(data), texts=texts, handler="示例单位")
    form.is_valid()
    form.as_p().encode()
