"""Statements in one message, and queries that are built once: the same on every database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale

from base import together
from base.prepared import OFTEN, STEP, Prepared, PreparedList, rows_together
from crm.models import RateCounter
from events.models import Attendee, Registration, RegistrationLog
from tests.factories.events import make_desk

pytestmark = pytest.mark.django_db

HOUR = timezone.now().replace(minute=0, second=0, microsecond=0)
BY_CLIENT = Prepared(
    lambda client: (
        RateCounter.objects.filter(client=client).order_by("hour").values_list("hour", "count")
    ),
    slot="?",
)


def counters(*clients: str) -> list[RateCounter]:
    return [RateCounter(client=client, hour=HOUR, count=1) for client in clients]


def test_rows_are_inserted_and_changed_in_order():
    change = ("UPDATE crm_ratecounter SET count = count + %s WHERE client = %s", [4, "a%s;"])
    nothing = ("UPDATE crm_ratecounter SET count = count + %s WHERE client = %s", [4, "?"])
    inserts = together.inserts(counters("a%s;", "b"), [])
    with CaptureQueriesContext(connection) as asked:
        assert together.run([*inserts, change, nothing])[1:] == [1, 0]
    assert len(asked) == (1 if connection.vendor == "postgresql" else 3)
    found = RateCounter.objects.filter(client__in=["a%s;", "b"])
    assert dict(found.values_list("client", "count")) == {"a%s;": 5, "b": 1}
    assert together.run([]) == []


def test_one_wrong_statement_takes_all_back():
    with pytest.raises(IntegrityError), transaction.atomic():
        together.run(together.inserts(counters("a"), counters("a")))
    assert not RateCounter.objects.filter(client="a").exists()


def test_a_whole_is_inserted_with_its_parts_and_learns_its_id():
    desk = make_desk()
    change = ("UPDATE events_seatpool SET taken = taken + %s WHERE desk_id = %s", [2, desk.pk])
    ask = ("SELECT taken FROM events_seatpool WHERE desk_id = %s", [desk.pk])
    for name in ("甲%s;", "乙"):
        whole = Registration(desk=desk, reference=name, identity=name, keep_until=HOUR.date())
        parts = [Attendee(registration=whole, position=number, name=name) for number in (0, 1)]
        log = RegistrationLog(registration=whole, by="visitor", note=name)
        with transaction.atomic():
            changed, told = together.insert_whole(whole, [parts, [], [log]], [change, ask])
        assert (changed, len(told)) == (1, 1)
        stored = Registration.objects.get(pk=whole.pk)
        assert (stored.reference, stored.answers, stored.updated_at) == (name, {}, whole.updated_at)
        assert [part.name for part in stored.attendees.all()] == [name, name]
        assert stored.log.get().note == name
    assert told == [(4,)]
    assert not whole._state.adding


def test_a_whole_goes_by_one_message():
    desk = make_desk()
    for number in (0, 1):  # the first time asks for the name of the sequence
        whole = Registration(desk=desk, reference=f"r{number}", keep_until=HOUR.date())
        with CaptureQueriesContext(connection) as asked:
            together.insert_whole(whole, [[Attendee(registration=whole)]])
    assert len(asked) == (1 if connection.vendor == "postgresql" else 2)


def test_a_prepared_query_reads_as_the_other_does():
    RateCounter.objects.create(client="a", hour=HOUR, count=2)
    RateCounter.objects.create(client="a", hour=HOUR + timedelta(hours=1), count=3)
    assert BY_CLIENT.rows("a") == [(HOUR, 2), (HOUR + timedelta(hours=1), 3)]
    assert BY_CLIENT.rows("?") == []
    first, second = rows_together((BY_CLIENT, "b"), (BY_CLIENT, "a"))
    assert (first, len(second)) == ([], 2)


def test_a_query_without_its_value_is_refused():
    with pytest.raises(ValueError, match="not among the parameters"):
        Prepared(lambda slot: RateCounter.objects.values_list("pk")).rows(1)


@pytest.mark.parametrize("number", [1, STEP, STEP + 1])
def test_a_prepared_list_reads_the_objects_of_its_keys(number):
    built = []

    def make(keys):
        built.append(len(keys))
        counters = RateCounter.objects.defer("client").annotate(twice=F("count") * 2)
        return counters.filter(pk__in=keys).order_by("pk")

    prepared = PreparedList(make)
    rows = [
        RateCounter.objects.create(client=str(place), hour=HOUR, count=place)
        for place in range(number + 1)
    ]
    keys = [row.pk for row in rows[:number]]
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            found = prepared.objects(keys)
            counted = [(one.pk, one.count, one.twice) for one in found]
        assert counted == [(row.pk, row.count, 2 * row.count) for row in rows[:number]]
        assert len(asked) == 1
        assert found[0].get_deferred_fields() == {"client"}
    assert prepared.objects([]) == []
    assert [one.pk for one in prepared.objects([keys[0], keys[0], keys[0] + 10**6])] == keys[:1]
    assert built == sorted({STEP, -(-number // STEP) * STEP}, reverse=True)


def test_a_prepared_list_without_its_keys_is_refused():
    with pytest.raises(ValueError, match="Not all keys"):
        PreparedList(lambda keys: RateCounter.objects.filter(pk__in=keys[:3])).objects([1])


@pytest.fixture
def three():
    """A list of three rows, asked as often as it takes for the database to keep its statement."""
    rows = [RateCounter.objects.create(client=str(n), hour=HOUR, count=n) for n in range(3)]
    keys = [row.pk for row in rows]
    prepared = PreparedList(
        lambda slots: RateCounter.objects.filter(pk__in=slots, client__lt="9%").order_by("pk")
    )
    for _ in range(OFTEN):
        assert [one.pk for one in prepared.objects(keys)] == keys
    return prepared, keys


def asked_for(prepared: PreparedList, keys: list[int]) -> str:
    with CaptureQueriesContext(connection) as asked:
        assert [one.pk for one in prepared.objects(keys)] == keys
    assert len(asked) == 1
    return asked[0]["sql"].split()[0]


def test_postgresql_keeps_the_statement_of_a_list_that_is_asked_often(three):
    kept = "EXECUTE" if connection.vendor == "postgresql" else "SELECT"
    assert asked_for(*three) == kept
    # A transaction that is taken back takes the statement with it no more than the connection.
    with transaction.atomic():
        assert asked_for(*three) == kept
        transaction.set_rollback(True)
    assert asked_for(*three) == kept


def test_a_list_is_not_kept_behind_a_pool_that_changes_connections(three, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert asked_for(*three) == "SELECT"


def test_a_statement_is_kept_for_one_connection(own_connection):
    """Pages of the filled site, because another connection sees nothing of the test's transaction."""
    prepared = PreparedList(lambda slots: Locale.objects.filter(pk__in=slots))

    def ask() -> list[str]:
        keys = [Locale.objects.values_list("pk", flat=True)[0]]
        first = [asked_for(prepared, keys) for _ in range(OFTEN - 1)]
        prepared.objects(keys)  # and keeps the statement
        kept = asked_for(prepared, keys)
        connection.close()
        return [*first, kept, asked_for(prepared, keys)]

    assert own_connection(ask) == ["SELECT"] * (OFTEN - 1) + ["EXECUTE", "SELECT"]
