"""No form that collects personal data without saying who answers for them (PIPL article 17)."""

import pytest

from base.models import OfficialSettings
from crm.models import Lead

pytestmark = pytest.mark.django_db
TRIAL, CLOSED = "请不要填写真实的个人信息", "这张表就开放"


@pytest.fixture
def organiser(home):
    official = OfficialSettings.for_site(home.get_site())
    official.organiser, official.organiser_contact = "某某单位", "某某路 1 号"
    official.save()
    return official


@pytest.mark.parametrize("address", ["/inquiry/", "/invest/industries/coal/"])
def test_a_trial_says_that_nobody_is_named(client, address):
    text = client.get(address).content.decode()
    assert TRIAL in text
    assert 'name="message"' in text


@pytest.mark.parametrize("address", ["/inquiry/", "/invest/industries/coal/"])
def test_production_keeps_the_form_closed_until_somebody_is_named(client, settings, address):
    settings.INQUIRIES_NEED_HANDLER = True
    text = client.get(address).content.decode()
    assert CLOSED in text
    assert 'name="message"' not in text


def test_a_closed_form_takes_nothing_and_loses_nothing(client, settings, inquiry):
    settings.INQUIRIES_NEED_HANDLER = True
    response = client.post("/inquiry/submit/", inquiry(message="写好的话"))
    assert response.status_code == 422
    assert "写好的话" in response.content.decode()
    assert not Lead.objects.filter(is_sample=False).exists()


def test_a_named_organiser_opens_the_form_and_stands_in_the_receipt(
    client, settings, inquiry, organiser
):
    settings.INQUIRIES_NEED_HANDLER = True
    text = client.get("/inquiry/").content.decode()
    assert "某某单位" in text
    assert "某某路 1 号" in text
    assert TRIAL not in text
    assert CLOSED not in text
    assert client.post("/inquiry/submit/", inquiry()).status_code == 303
    receipt = Lead.objects.get(is_sample=False).consents.get().shown_text
    for told in ("某某单位", "某某路 1 号", "到期删除", "撤回"):
        assert told in receipt
