from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """One strict policy for readers, a wider one for the editor, which writes its own scripts."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith("/admin/"):
            parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY
        return parts


class OddRequestMiddleware:
    """Answers requests that no browser sends, before a database refuses them with an error.

    NUL bytes are legal in an address and illegal in PostgreSQL's text; a lone surrogate can't be
    written to any database. Both are answered 400 in plain words. Form bodies are cleaned by
    their forms, which keep what was typed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_odd(request.path_info) or self._is_odd(request.META.get("QUERY_STRING", "")):
            return self._refuse_address()
        # An escaped NUL in a cookie reaches the database as a session's key.
        if any(self._is_odd(value) for value in request.COOKIES.values()):
            return HttpResponseBadRequest("Please delete this site's cookies.", "text/plain")
        # A form in another encoding than UTF-8 is none of ours, and some break the parser.
        charset = request.content_params.get("charset", "utf-8") if request.content_params else ""
        if charset.strip("\"' ").lower() not in ("", "utf-8", "utf8"):
            return HttpResponseBadRequest("Please send UTF-8.", content_type="text/plain")
        for key, values in request.GET.lists():
            if self._is_odd(key) or any(self._is_odd(value) for value in values):
                return self._refuse_address()
        return self.get_response(request)

    @staticmethod
    def _refuse_address() -> HttpResponse:
        return HttpResponseBadRequest(
            "This address contains characters that no page has.", content_type="text/plain"
        )

    @staticmethod
    def _is_odd(text: str) -> bool:
        return "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text)
