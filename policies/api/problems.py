"""Errors of the API as problem+json (RFC 9457)."""

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """The request can't be answered. `errors` are {parameter: what is wrong with it}."""

    def __init__(
        self, detail: str, status: int = 400, errors: dict[str, str] | None = None, **headers: str
    ):
        super().__init__(detail)
        self.detail, self.status, self.errors, self.headers = detail, status, errors or {}, headers


def response_for(problem: Problem, request: HttpRequest) -> JsonResponse:
    content = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
    }
    if problem.errors:
        content["errors"] = problem.errors
    response = JsonResponse(
        content,
        status=problem.status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )
    for name, value in problem.headers.items():
        response[name.replace("_", "-")] = value
    return response
