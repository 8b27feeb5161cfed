"""How clauses come before the public and leave it again: lock, check, write, log."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from policies.choices import ClauseState
from policies.clauses.digest import digest_of, digests_of
from policies.clauses.errors import (
    AlreadyPublishedError,
    ChangedMeanwhileError,
    ClauseGoneError,
    GateError,
    NotAllowedError,
    NotPublishedError,
    OverrideMissingError,
    ReasonMissingError,
)
from policies.clauses.facts import problems_of
from policies.clauses.gate import Problem, blocks, warnings
from policies.clauses.rules import quotes_found
from policies.models import Clause, ClauseLog, PolicyPage
from search.attachment_pages import reindex_pages_soon

PUBLISH = "policies.publish_clause"
SHORTEST_REASON = 10
# Clauses looked through at once.
CHUNK = 500


def publish_clause(*, clause: Clause, by, reason: str = "", seen: str = "") -> Clause:
    """Publish the clause as its rows are at this moment.

    Args:
        clause: the clause; read anew and locked.
        by: the publisher. Nobody (None) publishes samples only: that is the loader of a trial.
        reason: why words that the gate warns of may stand; ten characters or more.
        seen: the digest (`policies.clauses.digest`) of what the publisher was shown.

    Raises:
        NotAllowedError, ClauseGoneError, AlreadyPublishedError, ChangedMeanwhileError;
        GateError: something that the rules demand is missing, whatever the reason;
        OverrideMissingError: the gate warns, and there is no reason.
    """
    reason = reason.strip()
    with transaction.atomic():
        fresh = _locked(clause)
        _check_right(by, fresh)
        digest = digest_of(fresh)
        if seen and seen != digest:
            raise ChangedMeanwhileError
        if fresh.is_sealed and fresh.published_digest == digest:
            raise AlreadyPublishedError
        problems = problems_of(fresh)
        if blocks(problems):
            raise GateError(problems)
        warned = warnings(problems)
        if warned and len(reason) < SHORTEST_REASON:
            raise OverrideMissingError(problems)
        _write(
            fresh,
            state=ClauseState.PUBLISHED,
            published_digest=digest,
            live_digest=digest,
            published_at=timezone.now(),
            published_by=by,
        )
        _log(fresh, ClauseLog.Action.PUBLISHED, by, ClauseState.PUBLISHED, reason, warned)
        _tell_search(fresh)
    return Clause.objects.get(pk=fresh.pk)


def withdraw_clause(*, clause: Clause, by, reason: str) -> Clause:
    """Take a published clause from the public.

    Raises NotAllowedError, ClauseGoneError, NotPublishedError, ReasonMissingError.
    """
    reason = reason.strip()
    with transaction.atomic():
        fresh = _locked(clause)
        _check_right(by, fresh)
        if fresh.state != ClauseState.PUBLISHED:
            raise NotPublishedError
        if len(reason) < SHORTEST_REASON:
            raise ReasonMissingError
        _write(fresh, state=ClauseState.WITHDRAWN, live_digest="")
        _log(fresh, ClauseLog.Action.WITHDRAWN, by, ClauseState.WITHDRAWN, reason)
        _tell_search(fresh)
    return Clause.objects.get(pk=fresh.pk)


def note_edit(*, clause: Clause, by) -> Clause:
    """After the rows of a clause were written: a published one that says something else is a draft again.

    Call it in the transaction of the edit. Raises ClauseGoneError.
    """
    with transaction.atomic():
        fresh = _locked(clause)
        if fresh.state == ClauseState.PUBLISHED:
            digest = digest_of(fresh)
            if digest == fresh.published_digest:
                _write(fresh, live_digest=digest)
            else:
                _write(fresh, state=ClauseState.DRAFT, live_digest="")
                _log(fresh, ClauseLog.Action.CHANGED, by, ClauseState.DRAFT)
            _tell_search(fresh)
    return Clause.objects.get(pk=fresh.pk)


def delete_clause(*, clause: Clause, by) -> None:
    """Delete a clause; that it was there stays in the log.

    Raises ClauseGoneError, and NotAllowedError: what is published, a publisher deletes.
    """
    with transaction.atomic():
        fresh = _locked(clause)
        if not by.has_perm("policies.delete_clause"):
            raise NotAllowedError
        if fresh.state == ClauseState.PUBLISHED:
            _check_right(by, fresh)
        _log(fresh, ClauseLog.Action.DELETED, by, "")
        pages, was_found = _pages(fresh), fresh.in_search
        fresh.delete()
        if was_found:
            reindex_pages_soon(pages, now=True)


def refresh_clauses() -> int:
    """The daily round: clauses changed past the service, by SQL too, are drafts again; the search follows.

    A clause leaves the public by itself when it ends or its policy does; nobody writes it then, so the
    search learns of it here. Returns the number of clauses that something was done to.
    """
    changed = _changed_since_published()
    for clause in changed:
        note_edit(clause=clause, by=None)
    published = Clause.objects.filter(state=ClauseState.PUBLISHED)
    unfounded = take_back_unfounded(published)
    public = Q(pk__in=Clause.objects.public().values("pk"))
    stale = Clause.objects.filter(Q(in_search=True) & ~public | Q(in_search=False) & public)
    unfollowed = list(stale.select_related("policy"))
    for clause in unfollowed:
        with transaction.atomic():
            _tell_search(clause)
    return len(changed) + unfounded + len(unfollowed)


def take_back_unfounded(published: QuerySet[Clause]) -> int:
    """Of published clauses, make drafts of those whose sentence the policy does not have any more.

    A text that was published anew may say something else; a clause must not go on quoting the old one.
    Returns how many there were.
    """
    count, last = 0, 0
    published = published.order_by("pk").prefetch_related("policy", "conditions")
    while chunk := list(published.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        for clause in chunk:
            if quotes_found(clause) is False:
                count += _take_back(clause)
    return count


@transaction.atomic
def _take_back(clause: Clause) -> bool:
    fresh = Clause.objects.select_for_update(of=("self",)).filter(pk=clause.pk).first()
    if fresh is None or fresh.state != ClauseState.PUBLISHED:
        return False
    _write(fresh, state=ClauseState.DRAFT, live_digest="")
    reason = gettext("The sentence does not stand in the text of the policy word for word.")
    _log(fresh, ClauseLog.Action.CHANGED, None, ClauseState.DRAFT, reason)
    _tell_search(fresh)
    return True


def connect() -> None:
    """Called once, when the application is ready: whoever publishes a policy has its clauses looked at."""
    from wagtail.signals import page_published

    def policy_published(instance, in_bulk=False, **kwargs):
        if in_bulk:  # new documents of an import, which no clause rests on yet
            return
        mine = Clause.objects.of_page(instance).filter(state=ClauseState.PUBLISHED)
        take_back_unfounded(mine)

    page_published.connect(
        policy_published, PolicyPage, weak=False, dispatch_uid="policies-clauses"
    )


def remove_sample_clauses() -> int:
    """Delete the samples and what is noted of them. Returns how many clauses went."""
    with transaction.atomic():
        samples = Clause.objects.filter(is_sample=True).select_related("policy")
        pages = {page for clause in samples if clause.in_search for page in _pages(clause)}
        count = samples.count()
        for clause in samples:
            clause.delete()
        ClauseLog.objects.remove_samples()
        reindex_pages_soon(pages)
    return count


def _changed_since_published() -> list[Clause]:
    """Published clauses whose rows are not what was published, or that nobody has looked at since."""
    published = Clause.objects.filter(state=ClauseState.PUBLISHED).order_by("pk")
    found, last = [], 0
    while chunk := list(published.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        digests = digests_of([clause.pk for clause in chunk])
        found += [
            clause
            for clause in chunk
            if not clause.is_sealed or digests.get(clause.pk) != clause.published_digest
        ]
    return found


def _locked(clause: Clause) -> Clause:
    fresh = Clause.objects.select_for_update(of=("self",)).filter(pk=clause.pk).first()
    if fresh is None:
        raise ClauseGoneError
    return fresh


def _check_right(by, clause: Clause) -> None:
    allowed = clause.is_sample and clause.policy.is_sample if by is None else by.has_perm(PUBLISH)
    if not allowed:
        raise NotAllowedError


def _write(clause: Clause, **values) -> None:
    Clause.objects.filter(pk=clause.pk).write_state(**values)


def _log(
    clause: Clause,
    action: ClauseLog.Action,
    by,
    to_state: str,
    reason: str = "",
    warned: Sequence[Problem] = (),
) -> None:
    """`clause` is as it was before; the digest noted is that of its rows now."""
    ClauseLog.objects.create(
        clause=clause,
        title=clause.title,
        policy_title=clause.policy.title,
        by=by,
        who=(by.get_full_name() or by.get_username())[:200] if by else "",
        action=action,
        from_state=clause.state,
        to_state=to_state,
        reason=reason,
        problems=[asdict(problem) for problem in warned],
        overridden=len(warned),
        digest=digest_of(clause),
        is_sample=clause.is_sample,
    )


def _tell_search(clause: Clause) -> None:
    """Have the policy found by its clauses as they are public now, in all its languages."""
    public = Clause.objects.public().filter(pk=clause.pk).exists()
    _write(clause, in_search=public)
    if public or clause.in_search:
        reindex_pages_soon(_pages(clause), now=True)


def _pages(clause: Clause) -> list[int]:
    pages = PolicyPage.objects.filter(translation_key=clause.policy.translation_key)
    return list(pages.values_list("pk", flat=True))
