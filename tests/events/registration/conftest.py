"""A desk with a public form, and forms that are ready to be sent."""

import time
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.urls import reverse

from crm.form_token import SALT
from events.choices import Attendance, PoolKind
from events.links import registration_token
from events.models import FormField, SeatPool
from tests.factories.events import book, make_desk, make_guest


@pytest.fixture
def desk(db):
    return make_desk(capacity=3)


@pytest.fixture
def token_of_age(monkeypatch):
    """A form token as it was issued so many seconds ago."""

    def issue(seconds: float, nonce: str = "a" * 32) -> str:
        with monkeypatch.context() as patch:
            now = time.time()
            patch.setattr(time, "time", lambda: now - seconds)
            return signing.TimestampSigner(salt=SALT).sign(nonce)

    return issue


@pytest.fixture
def filled(token_of_age):
    """The fields of a good form: `filled(name="", companions="…")`."""

    def fields(**changes) -> dict:
        return {
            "name": "王小明",
            "organisation_name": "示例机械有限公司",
            "position": "经理",
            "email": "wang@example.org",
            "phone": "138 0013 8000",
            "intent": "",
            "consent_event": "on",
            "came_by": "",
            "token": token_of_age(30),
            "homepage": "",
        } | changes

    return fields


@pytest.fixture
def send(client):
    """Post a form to a desk: `send(desk, filled())`."""

    def post(desk, data, prefix: str = "", **extra):
        return client.post(prefix + form_url(desk), data, **extra)

    return post


def form_url(desk) -> str:
    return f"/registration/event/{desk.page_id}/"


def url_of(registration, view: str = "detail", *more) -> str:
    return reverse(f"registration:{view}", args=[registration_token(registration), *more])


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def errors(response) -> list[str]:
    return [line.get_text() for line in soup(response).select(".errors li")]


def value(response, name: str) -> str:
    field = soup(response).select_one(f"[name={name}]")
    return field.get_text().lstrip("\n") if field.name == "textarea" else field.get("value", "")


def make_kinds(desk, *, onsite=None, online=None) -> tuple[SeatPool, SeatPool]:
    """Two kinds of attendance with so many seats."""
    kinds = ((Attendance.ONSITE, onsite), (Attendance.ONLINE, online))
    return tuple(
        SeatPool.objects.create(
            desk=desk, kind=PoolKind.ATTENDANCE, attendance=kind, capacity=capacity
        )
        for kind, capacity in kinds
    )


def add_question(desk, key: str, kind: str, **fields) -> FormField:
    return FormField.objects.create(desk=desk, key=key, kind=kind, label=key, **fields)


def add_session(desk, name: str, hour: float, **fields) -> SeatPool:
    begins = desk.page.starts_at + timedelta(hours=hour)
    return SeatPool.objects.create(
        desk=desk,
        kind=PoolKind.SESSION,
        name=name,
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        **fields,
    )


@pytest.fixture
def registration(desk):
    return book(desk, make_guest(name="王小明", phone="13800138000", organisation_name="示例公司"))
