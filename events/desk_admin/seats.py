"""The seats of a desk: what is counted, how many there are, who waits for them."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import IntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView, TemplateView

from events.choices import PoolKind
from events.desk_admin.base import DeskMixin
from events.desk_admin.forms import MOST_SEATS, PoolForm
from events.desk_admin.programme import sessions_of
from events.desk_admin.setup import UNPROCESSABLE, told_offers
from events.errors import EventError
from events.models import SeatPool
from events.services.pools import (
    Session,
    add_pool,
    add_sessions,
    change_pool,
    differing,
    follow_programme,
    remove_pool,
)


class SeatsMixin(DeskMixin):
    permission = "events.change_registrationdesk"
    header_icon = "group"

    @cached_property
    def sessions(self) -> list[Session]:
        return sessions_of(self.desk.page)

    def free_sessions(self) -> list[Session]:
        """The items of the programme whose seats are not counted yet."""
        known = set(self.desk.pools.values_list("programme_key", flat=True))
        return [session for session in self.sessions if session.key not in known]


class SeatsView(SeatsMixin, TemplateView):
    """All pools, and the sessions of the programme that may become some."""

    template_name = "events/desk_admin/seats.html"
    page_title = _("Seats")

    def post(self, request: HttpRequest, desk_id: int) -> HttpResponse:
        """Count the seats of the chosen sessions."""
        chosen, errors = [], {}
        for session in self.free_sessions():
            if str(session.key) not in request.POST.getlist("session"):
                continue
            typed = request.POST.get(f"capacity-{session.key}", "")
            try:
                chosen.append((session, _capacity(typed)))
            except ValidationError as error:
                errors[session.key] = " ".join(error.messages)
        if errors:
            messages.error(request, gettext("Not saved: please mend what is marked."))
            context = self.get_context_data(errors=errors)
            return self.render_to_response(context, status=UNPROCESSABLE)
        made = add_sessions(desk=self.desk, sessions=chosen, actor=request.user)
        if made:
            text = ngettext(
                "%(number)s session can be chosen now.",
                "%(number)s sessions can be chosen now.",
                len(made),
            )
            messages.success(request, text % {"number": len(made)})
        else:
            messages.info(request, gettext("Nothing was chosen."))
        return redirect("desks:seats", desk_id)

    def get_context_data(self, errors: dict[UUID, str] | None = None, **kwargs) -> dict:
        typed = self.request.POST
        return super().get_context_data(
            pools=self.desk.pools.all(),
            differing=differing(self.desk, self.sessions),
            sessions=[
                {
                    "session": session,
                    "is_chosen": str(session.key) in typed.getlist("session"),
                    "capacity": typed.get(f"capacity-{session.key}", ""),
                    "error": (errors or {}).get(session.key, ""),
                }
                for session in self.free_sessions()
            ],
            **kwargs,
        )


def _capacity(typed: str) -> int | None:
    field = IntegerField(required=False, min_value=0, max_value=MOST_SEATS)
    return field.clean(typed.strip())


class PoolView(SeatsMixin, FormView):
    """Add a pool, or change one (`pool_id`)."""

    form_class = PoolForm
    template_name = "events/desk_admin/pool.html"
    part = "desks:seats"
    part_label = _("Seats")

    @cached_property
    def pool(self) -> SeatPool | None:
        if "pool_id" not in self.kwargs:
            return None
        return get_object_or_404(self.desk.pools, pk=self.kwargs["pool_id"])

    def get_page_title(self) -> str:
        return str(self.pool) if self.pool else gettext("Count the seats of something more")

    def get_form_kwargs(self) -> dict:
        instance = SeatPool.objects.get(pk=self.pool.pk) if self.pool else None
        return super().get_form_kwargs() | {"instance": instance}

    def form_valid(self, form: PoolForm) -> HttpResponse:
        user, data = self.request.user, form.cleaned_data
        try:
            if self.pool is None:
                add_pool(desk=self.desk, values=data, actor=user)
            else:
                told_offers(self.request, change_pool(pool=self.pool, values=data, actor=user))
        except EventError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, gettext("The seats are saved."))
        return redirect("desks:seats", self.desk.pk)

    def form_invalid(self, form: PoolForm) -> HttpResponse:
        messages.error(self.request, gettext("Not saved: please mend what is marked."))
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs) -> dict:
        pool = self.pool
        return super().get_context_data(
            pool=pool, may_remove=pool is not None and pool.kind != PoolKind.EVENT, **kwargs
        )


class FollowProgrammeView(SeatsMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int) -> HttpResponse:
        follow_programme(desk=self.desk, sessions=self.sessions, actor=request.user)
        messages.success(request, gettext("Titles and hours are those of the programme."))
        return redirect("desks:seats", desk_id)


class RemovePoolView(SeatsMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int, pool_id: int) -> HttpResponse:
        pool = self.desk.pools.filter(pk=pool_id).first()
        if pool is None:
            raise Http404
        try:
            remove_pool(pool=pool, actor=request.user)
        except EventError as error:
            messages.error(request, str(error))
            return redirect("desks:pool", desk_id, pool_id)
        messages.success(request, gettext("These seats are not counted any more."))
        return redirect("desks:seats", desk_id)
