"""Who may read what is made of a policy: whoever may read the policy's page, and nobody else."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe
from wagtail.wagtail_hooks import check_view_restrictions

from policies.models import PolicyPage

# Keys of pages are four bytes; a larger one is an error of the database, not just unknown.
LARGEST_KEY = 2**31 - 1


def for_readers(view: Callable) -> Callable:
    """A view of a policy: `view(request, policy, **kwargs)` behind the address `<pk>/…`.

    A policy that is not live is not found; a restricted one asks for its password or a login, as the
    page itself does; a policy of another language is sent on to the address under its language.
    """

    @wraps(view)
    @require_safe
    def answer(request: HttpRequest, pk: int, **kwargs) -> HttpResponse:
        if pk > LARGEST_KEY:
            raise Http404
        policy = PolicyPage.objects.live().select_related("locale").filter(pk=pk).first()
        if policy is None:
            raise Http404
        language = policy.locale.language_code
        if language not in dict(settings.LANGUAGES):
            raise Http404
        if language != translation.get_language():
            return _send_on(request, language)

        def serve(page, request, args, rest):
            response = view(request, page, **kwargs)
            # One text has one address for those who search: that of its page.
            response["X-Robots-Tag"] = "noindex"
            return response

        return check_view_restrictions(serve)(policy, request, [], {})

    return answer


def _send_on(request: HttpRequest, language: str) -> HttpResponse:
    match = request.resolver_match
    kwargs = {name: value for name, value in match.kwargs.items() if name != "kind"}
    with translation.override(language):
        address = reverse(match.view_name, kwargs=kwargs)
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
