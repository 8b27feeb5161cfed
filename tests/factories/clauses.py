"""Clauses with all the evidence that the gate asks for, and published ones."""

from datetime import date, timedelta
from itertools import count

from django.contrib.auth import get_user_model
from django.utils import timezone

from policies.clauses.digest import digests_of
from policies.models import Clause
from policies.services.clauses import publish_clause

_number = count(1)


def evidence() -> dict:
    """What a clause needs beside its words."""
    return {
        "quote": "对检测费用按百分之三十给予补助",
        "legal_basis": "中华人民共和国中小企业促进法第八条",
        "review": Clause.Review.PASSED,
        "reviewed_on": date(2024, 9, 2),
        "reviewed_by": "某区市场监督管理局",
        "open_to_all": True,
        "ends_on": timezone.localdate() + timedelta(days=400),
    }


def make_clause(policy, **fields) -> Clause:
    """A draft that the gate has nothing against."""
    values = {
        "title": f"检测费用补助{next(_number)}",
        "audience": "依法登记的各类企业",
        "offer": "按实际费用的百分之三十给予补助",
        "support": Clause.Support.GRANT,
        **evidence(),
        **fields,
    }
    clause = Clause(policy=policy, **values)
    clause.save()
    return clause


def public_clause(policy, **fields) -> Clause:
    """A clause that went through the gate; the publisher is somebody who may do everything."""
    by, _new = get_user_model().objects.get_or_create(
        username="the-publisher", defaults={"is_superuser": True}
    )
    return publish_clause(
        clause=make_clause(policy, **fields), by=by, reason="测试里放行的理由，够十个字"
    )


def seal(clauses) -> None:
    """Make many clauses published as they stand, past the gate: for figures with thousands of them."""
    now = timezone.now()
    for pk, digest in digests_of([clause.pk for clause in clauses]).items():
        Clause.objects.filter(pk=pk).write_state(
            state=Clause.State.PUBLISHED,
            published_digest=digest,
            live_digest=digest,
            published_at=now,
        )
