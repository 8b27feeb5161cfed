"""What every form in a rush asks first: the desk with its seats, and whether this very form is stored.

One message to the database with queries that were built once (see `base.prepared`), each of one table:
PostgreSQL plans every query anew, and takes longer to plan a join than to read these rows.
"""

from wagtail.models import Page

from base.prepared import Prepared, rows_together
from events.models import EventPage, Registration, RegistrationDesk, SeatPool

# Page ids are numbers of 32 bits; a larger one in an address is nobody's.
LARGEST_ID = 2**31 - 1
DESK_COLUMNS = tuple(field.attname for field in RegistrationDesk._meta.concrete_fields)
POOL_COLUMNS = tuple(field.attname for field in SeatPool._meta.concrete_fields)
# Of the desk's page only what says whether registration is open, not its text.
OF_PAGE = ("id", "title", "translation_key", "live")
OF_EVENT = ("page_ptr_id", "starts_at", "ends_at", "is_called_off")
PAGE_COLUMNS = tuple(
    f.attname for f in EventPage._meta.concrete_fields if f.attname in {*OF_PAGE, *OF_EVENT}
)

DESK = Prepared(lambda pk: RegistrationDesk.objects.filter(pk=pk).values_list(*DESK_COLUMNS))
POOLS = Prepared(lambda pk: SeatPool.objects.filter(desk=pk).values_list(*POOL_COLUMNS))
PAGE = Prepared(lambda pk: Page.objects.filter(pk=pk).order_by().values_list(*OF_PAGE))
EVENT = Prepared(lambda pk: EventPage.objects.filter(pk=pk).order_by().values_list(*OF_EVENT))
STORED = Prepared(
    lambda key: (
        Registration.objects.filter(submission_key=key).order_by().values_list("pk", "public_id")
    ),
    slot="?",
)
# {page: (desk, its own page)}; what the database says decides whether it still holds.
_desks: dict[int, tuple[int, int]] = {}


def find_desk(
    page_id: int, key: str | None = None
) -> tuple[RegistrationDesk | None, Registration | None]:
    """The desk of an event by the id of its page in any language, and the registration of a form's key.

    Of the registration only its ids. Whether anybody may read the page is not asked here beyond whether
    it is published: see `public_page`.
    """
    if not 0 < page_id <= LARGEST_ID:
        return None, None
    for find in (_desks.get, _look_up):
        ids = find(page_id)
        if ids is None:
            continue
        desk, earlier = _read(*ids, page_id, key or "")
        if desk is not None:
            _desks[page_id] = ids
            return desk, earlier
    _desks.pop(page_id, None)
    return None, None


def _look_up(page_id: int) -> tuple[int, int] | None:
    key = Page.objects.filter(pk=page_id, live=True).values("translation_key")
    desks = RegistrationDesk.objects.filter(page__translation_key__in=key)
    return desks.values_list("pk", "page_id").first()


def _read(desk_id: int, own_page_id: int, page_id: int, key: str):
    # The page in the address may be a translation of the desk's.
    pages = {own_page_id, page_id}
    desks, pools, events, stored, *found = rows_together(
        (DESK, desk_id),
        (POOLS, desk_id),
        (EVENT, own_page_id),
        (STORED, key),
        *((PAGE, pk) for pk in pages),
    )
    read = {row[0]: dict(zip(OF_PAGE, row, strict=True)) for rows in found for row in rows}
    own, asked = read.get(own_page_id), read.get(page_id)
    if not (desks and events and own and asked and asked["live"]):
        return None, None
    desk = RegistrationDesk.from_db("default", DESK_COLUMNS, desks[0])
    if desk.page_id != own_page_id or own["translation_key"] != asked["translation_key"]:
        return None, None
    own |= zip(OF_EVENT, events[0], strict=True)
    desk.page = EventPage.from_db("default", PAGE_COLUMNS, [own[name] for name in PAGE_COLUMNS])
    # The services ask the desk for its pools again; read here, they are at hand.
    kept = desk.pools.all()
    kept._result_cache = [SeatPool.from_db("default", POOL_COLUMNS, row) for row in pools]
    desk._prefetched_objects_cache = {"pools": kept}
    earlier = [Registration(pk=pk, public_id=public_id) for pk, public_id in stored]
    return desk, next(iter(earlier), None)
