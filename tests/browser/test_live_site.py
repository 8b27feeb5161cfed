"""What the other tests here rely on: commands on the site's data, as new each time."""

import pytest

COUNT = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
ADD = """
import search
from django.contrib.sessions.models import Session
from django.utils import timezone
Session.objects.create(session_key="of-a-command", session_data="", expire_date=timezone.now())
search.remembered = True
"""


def test_a_command_sees_what_another_wrote_and_nothing_it_remembered(site):
    before = int(site.manage("shell", "-v0", "-c", COUNT))
    site.manage("shell", "-v0", "-c", ADD)
    assert int(site.manage("shell", "-v0", "-c", COUNT)) == before + 1
    site.manage("shell", "-v0", "-c", "import search; assert not hasattr(search, 'remembered')")


def test_what_goes_wrong_is_said(site):
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        site.manage("shell", "-v0", "-c", "print('said before'); 1 / 0")
    with pytest.raises(RuntimeError, match="Unknown command: 'nowhere'"):
        site.manage("nowhere")
    assert "said before" in site.manage(
        "shell", "-v0", "-c", "print('said before'); 1 / 0", check=False
    )
