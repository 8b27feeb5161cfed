"""Enclaves are shown in their true state."""

import pytest

from enclaves.models import EnclavePage

pytestmark = pytest.mark.django_db


def test_true_states_open_ones_first():
    pages = EnclavePage.objects.filter(locale__language_code="zh-hans").by_state()
    assert [(page.slug, page.state) for page in pages] == [
        ("shenzhen", "operating"),
        ("beijing", "choosing"),
        ("suzhou", "planned"),
        ("shanghai", "planned"),
        ("hangzhou", "planned"),
    ]


def test_a_planned_enclave_is_called_planned(client):
    for city in ("suzhou", "shanghai", "hangzhou"):
        assert "规划布局" in client.get(f"/enclaves/{city}/").content.decode()
        assert "Planned" in client.get(f"/en/enclaves/{city}/").content.decode()


def test_facts_leave_out_what_is_unknown(page_at):
    labels = [str(label) for label, _ in page_at("enclaves/suzhou").facts]
    assert labels == ["城市", "状态"]
