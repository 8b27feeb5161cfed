from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.views import private
from events.links import registration_of


@require_safe
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """A registration as whoever holds its signed link sees it."""
    found = registration_of(token)
    if found is None:
        raise Http404
    return private(render(request, "events/registration/detail.html", {"registration": found}))
