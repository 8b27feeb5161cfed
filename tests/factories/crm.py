"""Leads and what hangs on them, as the services would have made them."""

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from crm.models import (
    Activity,
    Consent,
    ConsentText,
    Contact,
    Delivery,
    Lead,
    Organisation,
    text_hash,
)
from crm.models.organisation import name_key
from crm.retention import keep_until


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence("user-{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")

    @factory.post_generation
    def role(self, create, name):
        """The group of that name: "CRM officers" and the like."""
        if create and name:
            self.groups.add(Group.objects.get(name=name))


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence("示例机械{}厂".format)
    name_key = factory.LazyAttribute(lambda organisation: name_key(organisation.name))


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    name = "王小明"
    phone = factory.Sequence("+86138{:08d}".format)
    email = factory.Sequence("contact-{}@example.org".format)


class LeadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Lead

    reference = factory.Sequence("SD-20261124-T{}".format)
    name = "王小明"
    organisation_name = ""
    phone_typed = factory.LazyAttribute(lambda lead: lead.phone)
    phone = factory.Sequence("+86139{:08d}".format)
    email = factory.Sequence("lead-{}@example.org".format)
    email_key = factory.LazyAttribute(lambda lead: lead.email.casefold())
    organisation_key = factory.LazyAttribute(lambda lead: name_key(lead.organisation_name))
    keep_until = factory.LazyFunction(keep_until)


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    lead = factory.SubFactory(LeadFactory)
    kind = "processing"
    text = factory.LazyAttribute(
        lambda consent: ConsentText.objects.get(kind=consent.kind, language="zh-hans")
    )
    shown_text = factory.LazyAttribute(lambda consent: consent.text.shown(handler="示例单位"))
    shown_text_hash = factory.LazyAttribute(lambda consent: text_hash(consent.shown_text))


class ActivityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Activity

    lead = factory.SubFactory(LeadFactory)
    kind = Activity.Kind.NOTE
    text = "打过电话"


class DeliveryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Delivery

    lead = factory.SubFactory(LeadFactory)
    kind = Delivery.Kind.MAIL
    purpose = Delivery.Purpose.NOTICE
