"""The address of an answer: strict, short, and nothing in it breaks the page."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from policies.matching.answers import Answers
from policies.matching.attachment import MAX_LENGTH, attachment_text
from policies.matching.form import FIELDS_OF, STEPS, AnswersForm
from policies.matching.profile import Profile, Range
from policies.matching.vocabulary import ProjectKind, Qualification

pytestmark = pytest.mark.engine_free
TODAY = date(2026, 3, 1)


def read(query: str) -> Answers:
    return Answers(QueryDict(query))


def test_every_question_stands_in_one_step_and_answers_one_fact():
    fields = list(AnswersForm.base_fields)
    assert [name for step in STEPS for name in step.fields] == fields
    assert sorted(name for names in FIELDS_OF.values() for name in names) == sorted(fields)


def test_nothing_answered_is_nothing_known():
    answers = read("step=3&utm_source=x")
    assert answers.profile(TODAY) == Profile()
    assert (answers.is_empty, answers.query, answers.summary) == (True, "", [])


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021-02", date(2021, 2, 1), date(2021, 2, 28)),
        ("２０２１年６月", date(2021, 6, 1), date(2021, 6, 30)),
        ("2021/6/9", date(2021, 6, 9), date(2021, 6, 9)),
        (" 2021 年 12 月 ", date(2021, 12, 1), date(2021, 12, 31)),
    ],
)
def test_the_founding_is_a_day_a_month_or_a_year(written, first, last):
    answers = Answers(_with(founded=written))
    assert answers.values["founded"] == (first, last)


def _with(**values) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query[name] = value
    return query


@pytest.mark.parametrize(
    "written", ["2021-13", "2021-02-30", "1066", "9999", "last year", "٢٠٢١", "2021-6-9-1", "20"]
)
def test_a_founding_that_is_none_is_an_error_and_not_known(written):
    answers = Answers(_with(founded=written))
    assert list(answers.form.errors) == ["founded"]
    assert answers.profile(TODAY).age == Range()
    assert (answers.query, answers.pairs()) == ("", [("founded", written)])


@pytest.mark.parametrize(
    ("name", "written", "known"),
    [
        ("revenue", "1,200.50", Decimal("1200.50")),
        ("staff", "１２", Decimal(12)),
        ("rd", "3.5", Decimal("3.5")),
        ("staff", "2.5", None),
        ("rd", "101", None),
        ("revenue", "-1", None),
        ("revenue", "9" * 29, None),
        ("revenue", "NaN", None),
        ("staff", "1e999", None),
    ],
)
def test_numbers(name, written, known):
    answers = Answers(_with(**{name: written}))
    field = {"rd": "rd_share"}.get(name, name)
    wanted = Range() if known is None else Range.exactly(known)
    assert getattr(answers.profile(TODAY), field) == wanted
    assert (name in answers.form.errors) == (known is None)


def test_none_of_the_others_is_a_fact_too():
    known = read("has=high_tech&has_all=1&project_all=1").profile(TODAY)
    assert known.qualifications.held == {"high_tech"}
    assert known.qualifications.lacking == set(Qualification.values) - {"high_tech"}
    assert known.projects.lacking == set(ProjectKind.values)
    assert not read("has=high_tech").profile(TODAY).qualifications.lacking


def test_a_date_and_still_to_be_founded_contradict_each_other():
    answers = read("founded=2021&unfounded=1")
    assert list(answers.form.errors) == ["founded"]
    assert read("unfounded=1").profile(TODAY).age == Range.exactly(0)


def test_unknown_codes_are_left_out_and_told():
    answers = read("place=moon&industry=C27&has=moon&has=high_tech&has=sun&size=huge")
    assert answers.ignored == ["moon", "huge", "sun"]
    assert answers.query == "industry=C27&has=high_tech"


def test_the_same_answers_have_the_same_address():
    one = read("project=green&has=little_giant&has=high_tech&has=high_tech&staff=3&place=CN&step=2")
    other = read("place=CN&staff=3&has=high_tech&has=little_giant&project=green&only=not")
    assert one.query == other.query == read(one.query).query


def test_the_longest_address_is_short():
    query = QueryDict(mutable=True)
    for name, field in AnswersForm.base_fields.items():
        values = [v for v, _ in getattr(field, "choices", ()) if isinstance(v, str)]
        query.setlist(
            name, values if name in ("has", "project") else [values[-1] if values else "2"]
        )
    query["place"], query["industry"], query["size"] = "140404-zone", "C27", "small"
    assert len(Answers(query).query) < 800


def test_the_first_wrong_step_comes_before_the_one_asked_for():
    answers = read("staff=many&rd=lots")
    assert answers.first_wrong_step(before=5) == 3
    assert answers.first_wrong_step(before=3) is None


@given(
    st.dictionaries(
        st.sampled_from([*AnswersForm.base_fields, "x"]), st.lists(st.text(), max_size=4)
    )
)
def test_no_address_breaks_the_reading(given_values):
    query = QueryDict(mutable=True)
    for name, values in given_values.items():
        query.setlist(name, values)
    answers = Answers(query)
    answers.profile(TODAY)
    assert len(answers.query) < 2000
    assert Answers(QueryDict(answers.query)).query == answers.query


def test_the_text_that_goes_with_an_inquiry():
    answers = read("place=140404-zone&staff=12&has=high_tech&has_all=1")
    text = attachment_text(answers, "https://example.org/policies/match/result/?x")
    assert text.splitlines() == [
        "企业在哪里，或者项目将落在哪里？：上党经济技术开发区",
        "职工人数：12 人",
        "企业现有下列哪些资质认定？：高新技术企业，未列出的均没有",
        "结果地址：https://example.org/policies/match/result/?x",
    ]
    assert attachment_text(read(""), "https://example.org/") == ""
    assert len(attachment_text(answers, "https://example.org/" + "x" * 3000)) == MAX_LENGTH
