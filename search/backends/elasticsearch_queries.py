"""A plan as a query of Elasticsearch."""

from collections.abc import Iterable, Sequence

from search.matching import AT_PLACE, IN_TITLE, RANK, TITLE_STEP, Scope
from search.plan import Plan, Word


def query_of(plan: Plan, scope: Scope, waiting: Sequence[int], scored: bool) -> dict:
    """The query of a plan: who may be found as filters, the rough order as constant scores."""
    filters: list[dict] = [{"term": {"public": True}}]
    if not scope.anywhere:
        filters.append({"term": {"locale": scope.locale}})
    if scope.only:
        filters.append({"terms": {"page_id": list(scope.only)}})
    if scope.kinds:
        filters.append({"terms": {"kind": list(scope.kinds)}})
    filters += [{"term": {"body": number}} for number in plan.numbers]
    if plan.deciding:
        enough = [
            _all(_present("body", plan.deciding[i]) for i in chosen if not plan.deciding[i].common)
            for chosen in plan.combinations
        ]
        filters.append(_any([*enough, *(_present("title", word) for word in plan.heavy)]))
    query: dict = {"filter": filters}
    if waiting:
        query["must_not"] = [{"terms": {"page_id": list(waiting)}}]
    if not scored:
        return {"bool": query}
    query["should"] = [clause for word in plan.words for clause in _scores(word)]
    # Numbers read beside each document: as clauses they would be lists of nearly all documents.
    return {
        "function_score": {
            "query": {"bool": query},
            "functions": [_worth("rank", RANK), _worth("title_steps", TITLE_STEP)],
            "score_mode": "sum",
            "boost_mode": "sum",
        }
    }


def _scores(word: Word) -> list[dict]:
    found = []
    if word.tokens:
        found.append(_score(_present("title", word), IN_TITLE * word.weight))
        if not word.common:
            found.append(_score(_present("body", word), word.weight))
    if word.place:
        own, above = [word.place.name, word.place.short], word.place.province
        found.append(_score({"terms": {"place": own}}, AT_PLACE))
        if above not in own:
            found.append(_score({"term": {"place": above}}, AT_PLACE / 2))
    return found


def _worth(field: str, factor: float) -> dict:
    """`factor` times the number that a document has in a field."""
    return {"field_value_factor": {"field": field, "factor": factor, "missing": 0}}


def _score(clause: dict, boost: float) -> dict:
    return {"constant_score": {"filter": clause, "boost": boost}}


def _present(column: str, word: Word) -> dict:
    return _any(_all(token_clause(column, token) for token in tokens) for tokens in word.tokens)


def token_clause(column: str, token: str) -> dict:
    if token.endswith("*"):
        return {"prefix": {column: token.rstrip("*")}}
    return {"term": {column: token}}


def _all(clauses: Iterable[dict]) -> dict:
    clauses = list(clauses)
    if not clauses:
        return {"match_all": {}}
    return clauses[0] if len(clauses) == 1 else {"bool": {"filter": clauses}}


def _any(clauses: Iterable[dict]) -> dict:
    clauses = list(clauses)
    if not clauses:
        return {"match_none": {}}
    if len(clauses) == 1:
        return clauses[0]
    return {"bool": {"should": clauses, "minimum_should_match": 1}}
