"""What two people do at the same moment, with real connections of their own.

Everything happens in threads, outside the test transaction. SQLite's test database lives in
memory, where two connections can't wait for each other, so it is copied into a file with the
settings that the site runs under; on PostgreSQL what was made is taken away afterwards.
"""

import shutil
import sqlite3
import threading
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.test import Client

from crm.errors import AlreadyOwnedError
from crm.models import Contact, Delivery, Lead, Organisation, RateCounter
from crm.services import attempt_delivery, count_inquiry, take_lead
from tests.factories.crm import DeliveryFactory, LeadFactory, UserFactory

pytestmark = pytest.mark.django_db


def run(*functions: Callable) -> list:
    """Call the functions in threads that start together; return their results or errors in order."""
    barrier = threading.Barrier(len(functions))
    results: list = [None] * len(functions)

    def work(position: int, function: Callable) -> None:
        try:
            barrier.wait(10)
            results[position] = function()
        except Exception as error:  # noqa: BLE001 handed to the test
            results[position] = error
        finally:
            connections["default"].close()

    threads = [
        threading.Thread(target=work, args=(position, function))
        for position, function in enumerate(functions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def one(function: Callable):
    (result,) = run(function)
    if isinstance(result, Exception):
        raise result
    return result


def tidy() -> None:
    Lead.objects.filter(is_sample=False).delete()
    Contact.objects.filter(leads=None).delete()
    Organisation.objects.filter(leads=None, contacts=None).delete()
    RateCounter.objects.all().delete()
    get_user_model().objects.filter(username__startswith="user-").delete()


@pytest.fixture(scope="module")
def seeded_file(django_db_setup, django_db_blocker, tmp_path_factory):
    """SQLite's test database as a file, copied before a test holds a transaction on it."""
    file = tmp_path_factory.mktemp("races") / "seeded.sqlite3"
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with sqlite3.connect(file) as target:
                connection.connection.backup(target)
    return file


@pytest.fixture(autouse=True)
def _open_database(seeded_file, db, tmp_path, monkeypatch):
    if connection.vendor == "sqlite":
        file = shutil.copy(seeded_file, tmp_path / "race.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
    yield
    if connection.vendor != "sqlite":
        one(tidy)


def test_the_same_form_sent_twice_at_once_is_one_lead(inquiry):
    fields = inquiry()

    def send():
        return Client().post("/inquiry/submit/", fields)

    first, second = run(send, send)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert one(lambda: Lead.objects.filter(is_sample=False).count()) == 1


def test_only_one_officer_takes_a_lead():
    lead = one(LeadFactory)
    officers = one(lambda: [UserFactory(role="CRM officers") for _ in range(4)])
    results = run(
        *(lambda officer=officer: take_lead(lead=lead, actor=officer) for officer in officers)
    )
    won = [r for r in results if isinstance(r, Lead)]
    assert len(won) == 1
    assert all(isinstance(r, Lead | AlreadyOwnedError) for r in results), results
    assert one(lambda: Lead.objects.get(pk=lead.pk).owner_id) == won[0].owner_id


def test_a_delivery_is_sent_by_one_worker():
    delivery = one(lambda: DeliveryFactory(purpose="receipt"))
    results = run(*[lambda: attempt_delivery(delivery.pk)] * 4)
    assert set(results) <= {Delivery.Status.SENT, Delivery.Status.SENDING}, results

    def look():
        row = Delivery.objects.get(pk=delivery.pk)
        return row.status, row.attempts, row.lead.activities.filter(kind="notified").count()

    assert one(look) == (Delivery.Status.SENT, 1, 1)


def test_no_inquiry_is_left_uncounted(settings):
    settings.INQUIRIES_PER_HOUR = 100
    results = run(*[lambda: count_inquiry(address="192.0.2.1")] * 8)
    assert sorted(results) == list(range(1, 9)), results
    assert one(lambda: RateCounter.objects.get().count) == 8
