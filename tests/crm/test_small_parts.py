"""Credit code, telephone, masks, references, retention, links: the small parts by themselves."""

import uuid
from datetime import date, datetime

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm.credit_code import ALPHABET, check_character, is_credit_code, validate_credit_code
from crm.masking import mask_email, mask_name, mask_phone
from crm.models.organisation import name_key
from crm.phone import normalise_phone
from crm.reference import new_reference
from crm.retention import keep_until
from crm.status_link import make_token, read_token


def test_credit_code_of_the_standard_is_accepted():
    assert is_credit_code("91350100M000100Y43")


@pytest.mark.parametrize(
    "code", ["91350100M000100Y44", "91350100M000100Y4", "91350100m000100y43", "O" * 18, ""]
)
def test_credit_code_with_a_fault_is_refused(code):
    assert not is_credit_code(code)
    with pytest.raises(ValidationError):
        validate_credit_code(code)


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_credit_code_finds_every_single_slip(start, place, other):
    code = start + check_character(start)
    assert is_credit_code(code)
    slipped = code[:place] + other + code[place + 1 :]
    assert is_credit_code(slipped) == (slipped == code)


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("0355-8080123", "+863558080123"),
        ("+852 2345 6789", "+85223456789"),
        ("+49 30 901820", "+4930901820"),
    ],
)
def test_phone_is_understood(typed, normal):
    assert normalise_phone(typed) == normal


@pytest.mark.engine_free
@pytest.mark.parametrize("typed", ["call me", "12", "+999 1234", "++", "\u0661", "1" * 300])
def test_phone_that_is_none_is_refused(typed):
    with pytest.raises(ValidationError):
        normalise_phone(typed)


def test_phone_one_digit_short_is_told_so():
    with pytest.raises(ValidationError, match="10"):
        normalise_phone("1380013800")


def test_masks_hide_what_could_be_used():
    assert mask_name("王小明") == "王**"
    assert mask_name("Jane Doe") == "J****"
    assert mask_name("王") == "*"
    assert mask_phone("+8613800138000") == "138****8000"
    assert mask_phone("+85223456789") == "+85****6789"
    assert mask_phone("12345") == "****45"
    assert mask_phone("call me") == "****"
    assert mask_email("jane@example.org") == "j***@e***.org"
    assert mask_email("nonsense") == "****"
    assert mask_name("") == mask_phone("") == mask_email("") == ""


@given(st.text(max_size=80))
def test_masks_take_any_text(text):
    for mask in (mask_name, mask_phone, mask_email):
        assert isinstance(mask(text), str)
        if len(text.strip()) > 5:
            assert text.strip() not in mask(text)


def test_reference_tells_the_day_in_local_time_and_no_number():
    at = datetime(2026, 11, 23, 17, 0, tzinfo=timezone.get_fixed_timezone(0))
    references = {new_reference(at) for _ in range(50)}
    assert all(r.startswith("SD-20261124-") and len(r) == 16 for r in references)
    assert len(references) > 45


def test_keep_until_counts_months_to_the_end_of_short_ones(settings):
    settings.LEAD_RETENTION_MONTHS = 24
    assert keep_until(date(2026, 11, 24)) == date(2028, 11, 24)
    settings.LEAD_RETENTION_MONTHS = 3
    assert keep_until(date(2026, 11, 30)) == date(2027, 2, 28)


def test_name_key_leaves_out_what_people_write_differently():
    assert name_key("示例机械（深圳）有限公司") == name_key("示例机械(深圳) 有限公司")
    assert name_key("ACME Ltd.") == name_key("acme ltd")


def test_status_token_is_read_back_and_can_not_be_made_up():
    public_id = uuid.uuid4()
    token = make_token(public_id)
    assert read_token(token) == public_id
    for bad in (token[:-1], f"x{token[1:]}", "", "~", public_id.hex, "a~b~c", "é", "\ud800"):
        with pytest.raises(signing.BadSignature):
            read_token(bad)
