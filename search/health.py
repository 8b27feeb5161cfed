"""Whether Elasticsearch is there, as all processes of the site see it.

The first search that fails says so in `EngineState`; every process reads that row before a search and
leaves Elasticsearch alone. Every few seconds one of them asks again, beside its work, sends what
changed meanwhile, and says when all is well. `usable`, `failed` and `probe` are all there is to it.
"""

import logging
import threading
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from search.models import EngineState, PendingChange

logger = logging.getLogger(__name__)

# Between two questions whether it is back.
PAUSE = timedelta(seconds=5)
# Between two tasks that make a missing index.
REBUILD_PAUSE = timedelta(minutes=10)
BACKEND = "search.backends.elasticsearch"
# It is there and does not like what it was asked: too large, or wrong.
REFUSED = (400, 413)


@cache
def failures() -> tuple[type[Exception], ...]:
    """What a server raises that is away or refuses. To import its client costs a second of processor
    time, which a site without Elasticsearch need not spend in each of its processes."""
    from elastic_transport import TransportError
    from elasticsearch import ApiError
    from elasticsearch.helpers import BulkIndexError

    return TransportError, ApiError, BulkIndexError


def configured() -> bool:
    """Whether this site searches with Elasticsearch at all."""
    return settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"] == BACKEND


def usable(state: EngineState | None = None) -> bool:
    """Whether to ask Elasticsearch now. When it is time to see if it is back, that begins.

    `state`: as it was read a moment ago, if it was.
    """
    state = state or EngineState.load()
    if state.up:
        return True
    if _is_due(state):
        threading.Thread(target=_probe_beside, name="search-probe", daemon=True).start()
    return False


def _is_due(state: EngineState) -> bool:
    """Whether this process is the one of all to ask; the others see the new time."""
    now = timezone.now()
    if state.checked_at and now - state.checked_at < PAUSE:
        return False
    return bool(
        EngineState.objects.filter(pk=1, up=False, checked_at=state.checked_at).update(
            checked_at=now
        )
    )


def failed(error: Exception) -> None:
    """Say that Elasticsearch did not answer."""
    if getattr(getattr(error, "meta", None), "status", None) in REFUSED:  # an ApiError
        logger.error("Elasticsearch refuses a question, searching in the database: %s", error)
        return
    now = timezone.now()
    text = f"{type(error).__name__}: {error}"[:300]
    EngineState.load()
    changed = EngineState.objects.filter(pk=1, up=True).update(
        up=False, since=now, checked_at=now, error=text
    )
    if changed:
        logger.error("Elasticsearch does not answer, searching in the database: %s", text)


def _probe_beside() -> None:
    try:
        probe()
    except DatabaseError:
        logger.exception("Asking for Elasticsearch failed")
    finally:
        connection.close()


def probe() -> bool:
    """Ask Elasticsearch now; send it what waits, and use it again when it has everything.

    Returns whether it is in use afterwards. When its index is missing or of another version, a new
    one is asked for (a task), and the database answers until it is there.
    """
    from search import changes, upkeep

    backend = upkeep.elasticsearch()
    if backend is None:
        return False
    now = timezone.now()
    state = EngineState.load()
    try:
        complete = upkeep.is_complete(backend)
    except failures() as error:
        EngineState.objects.filter(pk=1).update(checked_at=now, error=f"{error}"[:300])
        return False
    if not complete:
        failed(LookupError("its index is missing or of another version"))
        asked = state.rebuild_asked_at
        if asked is None or now - asked > REBUILD_PAUSE:
            EngineState.objects.filter(pk=1).update(rebuild_asked_at=now)
            upkeep.rebuild_soon()
        return False
    if not changes.send(backend):
        return False
    changed = EngineState.objects.filter(pk=1, up=False).update(
        up=True, since=now, checked_at=now, error=""
    )
    if changed:
        logger.warning("Elasticsearch answers again")
        # The task of a change that was noted in these moments found it down.
        return changes.send(backend)
    return True


def status() -> dict:
    """For the admin: `configured`, `up`, `since`, `error`, and how many changes wait."""
    state = EngineState.load()
    return {
        "configured": configured(),
        "up": state.up,
        "since": state.since,
        "error": state.error,
        "waiting": PendingChange.objects.count() if configured() else 0,
    }
