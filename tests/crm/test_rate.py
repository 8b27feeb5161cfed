import pytest
from django.db import DatabaseError, transaction
from django.test import RequestFactory

from base import together
from base.client_address import client_address
from crm.errors import TooManyInquiriesError
from crm.models import RateCounter
from crm.services import Count, count_inquiry

pytestmark = pytest.mark.django_db


def address(**meta) -> str:
    return client_address(RequestFactory().get("/", **meta))


def test_the_limit_is_for_one_client_and_hour(settings):
    settings.INQUIRIES_PER_HOUR = 3
    assert [count_inquiry(address="192.0.2.1") for _ in range(3)] == [1, 2, 3]
    with pytest.raises(TooManyInquiriesError):
        count_inquiry(address="192.0.2.1")
    assert count_inquiry(address="192.0.2.2") == 1


def test_zero_means_no_limit(settings):
    settings.INQUIRIES_PER_HOUR = 0
    assert count_inquiry(address="192.0.2.1") == 0
    assert not RateCounter.objects.exists()


def counted() -> int:
    return sum(RateCounter.objects.values_list("count", flat=True))


def test_a_count_in_a_transaction_that_stands_is_counted_once():
    with Count(address="192.0.2.1", limit=2) as count:
        with transaction.atomic():
            assert count.read(together.fetch(count.statements)) == 1
        count.stands()
    assert counted() == 1


def test_a_count_that_was_taken_back_is_counted_on_leaving():
    with (
        pytest.raises(KeyError),
        Count(address="192.0.2.1", limit=2) as count,
        transaction.atomic(),
    ):
        count.read(together.fetch(count.statements))
        raise KeyError
    assert counted() == 1


def test_the_limit_goes_before_every_other_refusal():
    count_inquiry(address="192.0.2.1", limit=1)
    with pytest.raises(TooManyInquiriesError), Count(address="192.0.2.1", limit=1):
        raise KeyError
    with (
        pytest.raises(TooManyInquiriesError),
        Count(address="192.0.2.1", limit=1) as count,
        transaction.atomic(),
    ):
        count.read(together.fetch(count.statements))
    assert counted() == 3


def test_what_the_database_refused_is_not_asked_again():
    with pytest.raises(DatabaseError), Count(address="192.0.2.1", limit=1):
        raise DatabaseError
    assert counted() == 0


def test_without_a_limit_nothing_is_counted():
    with Count(address="192.0.2.1", limit=0) as count:
        assert count.statements == []
        assert count.read([]) == 0
    assert counted() == 0


def test_no_address_is_stored():
    count_inquiry(address="192.0.2.77")
    counter = RateCounter.objects.get()
    assert "192.0.2.77" not in counter.client
    assert len(counter.client) == 64


def test_forwarded_addresses_count_only_behind_our_own_proxies(settings):
    seen = {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "198.51.100.9, 203.0.113.5"}
    settings.TRUSTED_PROXIES = 0
    assert address(**seen) == "192.0.2.1"
    settings.TRUSTED_PROXIES = 1
    assert address(**seen) == "203.0.113.5"
    settings.TRUSTED_PROXIES = 3
    assert address(**seen) == "192.0.2.1"


def test_an_ipv6_line_is_one_client():
    first = address(REMOTE_ADDR="2001:db8:1:2:3::4")
    assert first == address(REMOTE_ADDR="2001:db8:1:2:ffff::1")
    assert first != address(REMOTE_ADDR="2001:db8:1:3::1")
    assert address(REMOTE_ADDR="::ffff:192.0.2.1") == "192.0.2.1"


def test_an_odd_address_is_taken_as_it_is():
    assert address(REMOTE_ADDR="unix:") == "unix:"
