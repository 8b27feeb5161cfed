from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.static import serve
from wagtail.models import Site

from base import navigation
from base.outbound import read_target


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        *(
            f"Disallow: {translate_url(reverse(name), code)}"
            for name in ("leaving", "search:search")
            for code, _ in settings.LANGUAGES
        ),
        "Allow: /",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address on pages that name no icon of their own."""
    return HttpResponseRedirect(static("img/mark.svg"))


def media(request: HttpRequest, path: str) -> HttpResponse:
    """Renditions of images. Originals and documents are not readable by address."""
    response = serve(request, path, document_root=settings.MEDIA_ROOT / "images")
    response["Cache-Control"] = "public, max-age=86400"
    return response


def leaving(request: HttpRequest) -> HttpResponse:
    """The notice before a page that no government runs. Raises 404 for a target we did not sign."""
    try:
        target = read_target(request.GET.get("to", ""))
    except signing.BadSignature:
        raise Http404 from None
    response = render(request, "leaving.html", {"target": target})
    response["X-Robots-Tag"] = "noindex"
    return response


def sitemap_html(request: HttpRequest) -> HttpResponse:
    """All public pages in the active language as a nested list: `tree` is [(page, children)]."""
    home = navigation.home_page(request)
    tree: list[tuple] = []
    if home is not None:
        stack: list[tuple[int, list]] = [(home.depth - 1, tree)]
        pages = navigation.public_pages().descendant_of(home, inclusive=True).order_by("path")
        for page in pages:
            while stack[-1][0] >= page.depth:
                stack.pop()
            children: list[tuple] = []
            stack[-1][1].append((page, children))
            stack.append((page.depth, children))
    return render(request, "sitemap_html.html", {"tree": tree})


def login_locked(request: HttpRequest, *_args, **_kwargs) -> HttpResponse:
    """What a person sees after too many wrong passwords."""
    return render(request, "login_locked.html", status=429)


def page_not_found(request: HttpRequest, exception=None) -> HttpResponse:
    """404, with a way to the same address in the default language when it exists there."""
    counterpart = None
    if translation.get_language() != settings.LANGUAGE_CODE:
        site = Site.find_for_request(request)
        prefix = f"/{translation.get_language()}/"
        if site is not None and request.path.startswith(prefix):
            wanted = site.root_page.url_path + request.path[len(prefix) :]
            counterpart = navigation.public_pages().filter(url_path=wanted).first()
    return render(request, "404.html", {"counterpart": counterpart}, status=404)


def permission_denied(request: HttpRequest, exception=None) -> HttpResponse:
    return render(request, "403.html", status=403)
