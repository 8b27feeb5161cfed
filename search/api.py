"""The search: one question, one answer, whichever engine runs."""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from wagtail.search.backends import get_search_backend

from search import corrections, facets, promotions, ranking, reading, snippets, texts
from search.addresses import clean
from search.analysis import HAN_RUN, lower
from search.columns import Columns
from search.columns import current as current_columns
from search.corrections import Guess
from search.hits import hits
from search.matching import Found, Scope
from search.models import IndexState
from search.plan import Plan, Word
from search.ranking import Candidate
from search.results import MAX_PAGES, Question, Results
from search.state import Synonyms, current, synonyms

# The share of the words that is enough when nothing has more.
FEWER = (0.4, 0.2, 0.05)
# With fewer results than this the other languages are looked at, too.
FEW = 5
# "Did you mean": so many are offered, and so many are tried.
MOST_MEANT, MOST_TRIED = 5, 10
# Documents that are read to see whether they have a phrase.
SOME = 60


def search(question: Question) -> Results:
    """Answer a question. Every page of the answer is one that anybody may read.

    What finds nothing is read in other ways: by its sound, with one other character, as an
    abbreviation, with fewer of its words. `Results.shown` says what was searched in the end.
    """
    state = current()
    plan = reading.make(question.query, state, documents(state))
    if question.query.strip() and plan.is_empty:
        # Signs alone ask for nothing; that is not the same as asking for everything.
        return Results(question.query, question.query, sort=question.sort)
    answer, plan = _read(question, plan, state)
    if not plan.is_empty and answer.total < FEW:
        answer.elsewhere = _elsewhere(question, plan, state)
    asked = clean(question.query)
    if asked and not question.filters and promotions.are_there(asked, state):
        _promote(question, plan, answer, state)
    return answer


def _read(question: Question, plan: Plan, state: IndexState) -> tuple[Results, Plan]:
    """The answer, and the plan that gave it.

    Filters narrow what was found and change nothing of how the query is read: the numbers beside
    the filters stay true.
    """
    answer = _answer(question, plan, state)
    if question.literal or plan.is_empty:
        return answer, plan
    total = answer.total or _without_filters(question, plan, state)
    if plan.numbers:
        words = [word for word in plan.words if not word.agency]
        if not total and words:
            plan = replace(plan, numbers=[], words=words)
            answer = _answer(question, plan, state)
        return answer, plan
    others = guesses(plan, total, synonyms(state))
    for guess in others:
        if total and not (guess.whole and guess.sure and _is_missing(plan, state)):
            break
        other = reading.make(guess.query, state, plan.total, share=1.0)
        instead = _answer(question, other, state)
        if instead.total or _without_filters(question, other, state):
            instead.asked, instead.shown = question.query, guess.query
            left = [one.query for one in others if one is not guess]
            instead.did_you_mean = _finding(left, question, plan.total, state)
            return instead, other
    shares = FEWER if plan.spoken else FEWER[:1]
    for share in shares if len(plan.deciding) > 2 and plan.is_known else ():
        if not total:
            plan = replace(plan, share=share)
            answer = _answer(question, plan, state)
            answer.partial = bool(answer.total)
            total = answer.total or _without_filters(question, plan, state)
    queries = [guess.query for guess in others]
    if not total and len(plan.words) > 1:
        queries += [word.text for word in plan.words if word.documents]
    if not total:
        queries += [part for word in plan.words for part in word.parts]
    answer.did_you_mean = _finding(queries, question, plan.total, state)
    return answer, plan


def _without_filters(question: Question, plan: Plan, state: IndexState) -> int:
    """How many results the plan has when the filters of the question are taken off; 0 without filters."""
    return _count(question, plan, state) if question.filters else 0


def _count(question: Question, plan: Plan, state: IndexState) -> int:
    return get_search_backend().totals([(plan, _whole(question))], state)[0]


def _whole(question: Question, **more) -> Scope:
    """Everything that the question may find without its filters, to be counted."""
    return Scope(question.locale, question.kinds, by_date=True, stop=0, **more)


def _finding(queries: list[str], question: Question, total: int, state: IndexState) -> list[str]:
    """Of these queries those that find something now.

    The vocabulary may still know words of pages that were closed since it was made: they must not
    be said.
    """
    tried = list(dict.fromkeys(queries))[:MOST_TRIED]
    plans = [reading.make(query, state, total, share=1.0) for query in tried]
    scope = _whole(question)
    totals = get_search_backend().totals([(plan, scope) for plan in plans], state)
    return [query for query, there in zip(tried, totals, strict=True) if there][:MOST_MEANT]


def _elsewhere(question: Question, plan: Plan, state: IndexState) -> dict[str, int]:
    """How many results the plan has in the other languages, without the filters."""
    codes = [code for code in settings.LANGUAGE_CODES if code != question.locale]
    asked = [(plan, _whole(replace(question, locale=code))) for code in codes]
    totals = get_search_backend().totals(asked, state)
    return {code: total for code, total in zip(codes, totals, strict=True) if total}


def _promote(question: Question, plan: Plan, answer: Results, state: IndexState) -> None:
    """Put what editors promote for the query before the results, and nowhere else among them."""
    chosen = promotions.promoted_for(clean(question.query), question.locale)
    if not chosen:
        return
    columns = current_columns(state)
    candidates = [
        one
        for one in texts.candidates([page.pk for page, _text in chosen], columns)
        if not question.kinds or one.entry.kind in question.kinds
    ]
    words = {page.pk: text for page, text in chosen}
    words = {one.page_id: words[one.page_id] for one in candidates}
    # Those that would not be found by themselves count, too.
    found = _among(list(words), plan, question, state)
    answer.total += len(words) - found
    answer.hits = [hit for hit in answer.hits if hit.page.pk not in words]
    if question.page > 1:
        return
    answer.promoted = hits(plan, candidates)
    for hit in answer.promoted:
        hit.promoted = True
        hit.snippet = (
            snippets.title(plan, words[hit.page.pk]) if words[hit.page.pk] else hit.snippet
        )


def _among(ids: list[int], plan: Plan, question: Question, state: IndexState) -> int:
    """How many of these pages a question without filters finds."""
    if not ids:
        return 0
    return get_search_backend().totals([(plan, _whole(question, only=tuple(ids)))], state)[0]


def guesses(plan: Plan, total: int, known: Synonyms) -> list[Guess]:
    """Other readings of a query that found `total` documents; none when it leaves no doubt."""
    doubtful = not total or any(not word.documents for word in plan.words)
    if doubtful or (HAN_RUN.fullmatch(plan.text) and len(plan.text) > 2):
        return corrections.guesses(plan.text, known, plan.terms)
    return []


def _is_missing(plan: Plan, state: IndexState) -> bool:
    """Whether no public page has the whole query as it stands."""
    phrase = Plan(plan.text, [Word(plan.text, [plan.text], exact=True)], total=plan.total)
    found = get_search_backend().find(phrase, Scope(locale="", anywhere=True, stop=1), state)
    # The pairs may be there without standing side by side.
    some = texts.candidates(found.best[:SOME], current_columns(state))
    return len(found.best) <= SOME and not any(
        plan.text in lower(one.title) or plan.text in lower(one.body) for one in some
    )


def _answer(question: Question, plan: Plan, state: IndexState) -> Results:
    backend = get_search_backend()
    start = (question.page - 1) * question.per_page
    scope = Scope(
        locale=question.locale,
        kinds=question.kinds,
        filters=question.filters,
        by_date=question.sort != "relevance" or plan.is_empty,
        day="published" if question.sort == "published" else "day",
        start=start,
        stop=start + question.per_page,
        with_facets=True,
    )
    found = backend.find(plan, scope, state)
    pages = max(1, min(MAX_PAGES, -(-found.total // question.per_page)))
    if question.page > pages and found.total:
        return _answer(replace(question, page=pages), plan, state)
    chosen = _chosen(plan, scope, found, current_columns(state))
    return Results(
        asked=question.query,
        shown=question.query,
        hits=hits(plan, chosen),
        total=found.total,
        page=min(question.page, pages),
        pages=pages,
        facets=facets.shown(question, found.facets),
        sort=question.sort,
        engine=found.engine,
    )


def _chosen(plan: Plan, scope: Scope, found: Found, columns: Columns) -> list[Candidate]:
    """The candidates of the wanted part: from the second look as far as it goes, then as found."""
    if plan.is_empty:
        return texts.untold(found.part, columns)
    if scope.by_date or scope.start >= len(found.best):
        return _passages(plan, found.part, columns)
    best = ranking.order(plan, texts.candidates(found.best, columns))
    chosen = best[scope.start : scope.stop]
    if scope.stop > len(found.best) and len(found.part) > len(chosen):
        first = set(found.best)
        later = [page_id for page_id in found.part if page_id not in first]
        chosen += _passages(plan, later, columns)
    return chosen


def _passages(plan: Plan, page_ids: Sequence[int], columns: Columns) -> list[Candidate]:
    """Candidates in the order of the ids, with the passage to show."""
    found = texts.candidates(page_ids, columns)
    ranking.score(plan, found)
    return found


def documents(state: IndexState) -> int:
    """How many public pages are indexed."""
    return int(current_columns(state).public.sum())
