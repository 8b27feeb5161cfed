"""Who may read what is made of a page: whoever may read the page, and nobody else."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe
from wagtail.models import Page
from wagtail.wagtail_hooks import check_view_restrictions

# Keys of pages are four bytes; a larger one is an error of the database, not just unknown.
LARGEST_KEY = 2**31 - 1


def for_readers_of(model: type[Page]) -> Callable:
    """Make `view(request, page, **kwargs)` a view behind the address `<pk>/…` of a page of this type.

    A page that is not live is not found; a restricted one asks for its password or a login, as the
    page itself does; one of another language is sent on to the address under its language.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        @require_safe
        def answer(request: HttpRequest, pk: int, **kwargs) -> HttpResponse:
            if pk > LARGEST_KEY:
                raise Http404
            page = model.objects.live().select_related("locale").filter(pk=pk).first()
            if page is None:
                raise Http404
            language = page.locale.language_code
            if language not in dict(settings.LANGUAGES):
                raise Http404
            if language != translation.get_language():
                return _send_on(request, language)

            def serve(page, request, args, rest):
                response = view(request, page, **kwargs)
                # One text has one address for those who search: that of its page.
                response["X-Robots-Tag"] = "noindex"
                return response

            return check_view_restrictions(serve)(page, request, [], {})

        return answer

    return decorate


def _send_on(request: HttpRequest, language: str) -> HttpResponse:
    match = request.resolver_match
    with translation.override(language):
        address = reverse(match.view_name, kwargs=match.captured_kwargs)
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
