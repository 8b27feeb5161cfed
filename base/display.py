"""The reader's display choices: colour scheme and large type (长者模式), kept in a cookie of this site alone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

THEMES = {"light", "dark"}
TYPE_SIZES = {"large"}
YEAR = 365 * 24 * 3600


def display(request: HttpRequest) -> HttpResponse:
    """Set or take back a choice, then return to the page the reader came from.

    Query: `theme` (light, dark; anything else takes the choice back), `type` (large; likewise),
    `next` (a path of this site). Works without JavaScript.
    """
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, allowed in (("theme", THEMES), ("type", TYPE_SIZES)):
        if name not in request.GET:
            continue
        value = request.GET[name]
        if value in allowed:
            response.set_cookie(
                name,
                value,
                max_age=YEAR,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
        else:
            response.delete_cookie(name, samesite="Lax")
    response["X-Robots-Tag"] = "noindex"
    return response
