"""Who works at a desk, and a client signed in as one of them."""

from django.test import Client

from tests.factories.crm import UserFactory


def signed_in(role: str = "") -> Client:
    """A client of a member of the group of that name; of nobody's group without one."""
    client = Client()
    client.force_login(UserFactory(role=role))
    return client
