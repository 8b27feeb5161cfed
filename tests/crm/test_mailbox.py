"""Development's mail viewer: what it shows, and that nobody else and nothing else is shown."""

import pytest
from django.core.mail import EmailMessage

from crm import mailbox
from tests.factories.crm import UserFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/mails/"


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = mailbox.FILE_BACKEND
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def chief(db):
    return UserFactory(is_superuser=True)


def write(subject="新咨询 SD-1", body="请看 https://example.org/?a=1&b=2\n<script>x</script>"):
    EmailMessage(subject, body, "from@example.org", ["to@example.org"]).send()


def test_mails_are_listed_and_shown_as_text(desk, chief, folder):
    write()
    write(subject="第二封")
    client = desk(chief)
    page = client.get(LIST).content.decode()
    assert "新咨询 SD-1" in page
    assert "第二封" in page
    mail = next(m for m in mailbox.list_mails() if "SD-1" in m.subject)
    shown = client.get(f"{LIST}{mail.file}/{mail.position}/").content.decode()
    assert "to@example.org" in shown
    assert "&lt;script&gt;x" in shown
    assert "<script>x" not in shown


def test_empty_box_says_so(desk, chief, folder):
    assert "还没有邮件" in desk(chief).get(LIST).content.decode()


@pytest.mark.parametrize("path", ["secret-key/0/", "..%2Fsecret-key/0/", "x.log/0/"])
def test_no_other_file_can_be_read(desk, chief, folder, path):
    folder.mkdir()
    (folder.parent / "secret-key").write_text("quiet")
    (folder / "secret-key").write_text("quiet")
    response = desk(chief).get(LIST + path)
    assert response.status_code == 404
    assert "quiet" not in response.content.decode()


def test_position_behind_the_last_is_not_found(desk, chief, folder):
    write()
    (mail,) = mailbox.list_mails()
    assert desk(chief).get(f"{LIST}{mail.file}/7/").status_code == 404


def test_it_is_for_superusers_only(desk, manager, folder):
    client = desk(manager)
    assert client.get(LIST).status_code in (302, 403)
    assert LIST not in client.get("/admin/").content.decode()


def test_it_is_closed_where_mails_are_really_sent(desk, chief, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    client = desk(chief)
    assert client.get(LIST).status_code in (302, 403)
    assert LIST not in client.get("/admin/").content.decode()
