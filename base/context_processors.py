from django.http import HttpRequest

from base.display import THEMES, TYPE_SIZES


def chrome(request: HttpRequest) -> dict:
    """What every page's frame needs: the reader's display choices."""
    theme = request.COOKIES.get("theme", "")
    size = request.COOKIES.get("type", "")
    return {
        "theme": theme if theme in THEMES else "",
        "type_size": size if size in TYPE_SIZES else "",
    }
