import pytest
from django.test import RequestFactory

from base.client_address import client_address
from crm.errors import TooManyInquiriesError
from crm.models import RateCounter
from crm.services import count_inquiry

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
