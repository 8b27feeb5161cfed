"""What the desk says on other screens of the admin: the way from an event's page, and why it can't be deleted."""

from django.contrib import messages
from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from events.models import EventPage, RegistrationDesk


@hooks.register("register_page_header_buttons")
def link_desk(page, user, view_name, next_url=None):
    """From an event's own screen to its registration."""
    if page.specific_class is EventPage and user.has_perm("events.view_registrationdesk"):
        yield Button(
            _("Registration desk"),
            reverse("desks:for_page", args=[page.pk]),
            icon_name="clipboard-list",
            priority=40,
        )


@hooks.register("before_delete_page")
def refuse_page_with_desk(request: HttpRequest, page: Page) -> HttpResponse | None:
    """People have registered for it: the page can be withdrawn, not deleted, also not with its column."""
    desks = RegistrationDesk.objects.filter(page__path__startswith=page.path)
    titles = list(desks.order_by("page__path").values_list("page__title", flat=True)[:3])
    if not titles:
        return None
    messages.error(
        request,
        gettext(
            "There is a registration desk for %(events)s. Unpublish the page instead, or delete the "
            "desk first, as long as nobody has registered."
        )
        % {"events": gettext(", ").join(f"“{title}”" for title in titles)},
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")
def refuse_pages_with_desk(request, action_type, objects, action_class_instance):
    if action_type != "delete":
        return None
    pages = [one for one in objects if isinstance(one, Page)]
    return next(filter(None, (refuse_page_with_desk(request, page) for page in pages)), None)


@hooks.register("register_permissions")
def register_event_permissions():
    """Offer them in the group form, so that an owner can make further roles."""
    models = ("registrationdesk", "registration", "meetinground", "eventseries")
    return Permission.objects.filter(
        content_type__app_label="events", content_type__model__in=models
    )
