"""The cast of the desk, and inquiries that are ready to be sent."""

import time

import pytest
from django.core import signing
from django.test import Client

from crm.form_token import SALT
from crm.models import ConsentText
from crm.services import GivenConsent
from tests.factories.crm import LeadFactory, UserFactory


@pytest.fixture
def officer(db):
    return UserFactory(username="officer", role="CRM officers")


@pytest.fixture
def colleague(db):
    return UserFactory(username="colleague", role="CRM officers")


@pytest.fixture
def manager(db):
    return UserFactory(username="manager", role="CRM managers")


@pytest.fixture
def editor(db):
    return UserFactory(username="editor", role="Editors")


@pytest.fixture
def publisher(db):
    return UserFactory(username="publisher", role="Publishers")


@pytest.fixture
def lead(db):
    return LeadFactory()


@pytest.fixture
def desk():
    """A client signed in as somebody: `desk(officer)`."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def consents(db):
    """Ticked boxes: `consents("processing", "sharing")`."""

    def given(*kinds):
        texts = ConsentText.objects.current("zh-hans")
        return [
            GivenConsent(text=texts[kind], shown_text=texts[kind].shown(handler="示例单位"))
            for kind in kinds
        ]

    return given


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
def inquiry(token_of_age):
    """The fields of a good form: `inquiry(name="", message="…")`."""

    def fields(**changes) -> dict:
        return {
            "name": "王小明",
            "organisation_name": "示例机械有限公司",
            "phone": "138 0013 8000",
            "email": "wang@example.org",
            "region": "CN-GD",
            "chain": "equipment",
            "scale_min": "1,000",
            "scale_max": "3000",
            "currency": "CNY",
            "site_need": "厂房 3000 平方米",
            "message": "想看厂房",
            "consent_processing": "on",
            "source": "",
            "token": token_of_age(30),
            "homepage": "",
        } | changes

    return fields
