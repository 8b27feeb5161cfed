"""The visitor's way: questions in steps, the result, and the result as an inquiry.

All answers travel in the address; nothing is stored, no cookie is set. Only the page that sends an
inquiry has a form that is posted.
"""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from base.navigation import page_at
from policies.choices import Level
from policies.matching.answers import Answers
from policies.matching.attachment import attachment_text
from policies.matching.form import FIELDS_OF, STEPS
from policies.matching.loading import load_offers
from policies.matching.outcome import Outcome, levels_of, match
from policies.matching.presentation import GROUP_NOTES, GROUP_TITLES, Card, Cards
from policies.matching.questions import answered_rows, question_rows
from policies.matching.verdicts import Offer, Verdict
from policies.matching.vocabulary import name_of

# How many of each group are seen at first, and how many on a page of one group alone.
SEEN = {Verdict.APPLIES: 12, Verdict.NEARLY: 8, Verdict.POSSIBLE: 8, Verdict.NOT: 5}
PER_PAGE = 30


@dataclass(frozen=True)
class GroupShown:
    verdict: Verdict
    title: str
    note: str
    count: int
    cards: list[Card]
    # The address of the whole group; "" when all of it is seen.
    rest_url: str


@require_safe
def steps(request: HttpRequest) -> HttpResponse:
    """One step of the questions. `?step=` is asked for; a wrong answer before it comes first."""
    answers = Answers(request.GET)
    asked = _number(request.GET.get("step", ""), len(STEPS))
    wrong = answers.first_wrong_step(before=asked)
    step = STEPS[(wrong or asked) - 1]
    context = {
        "answers": answers,
        "steps": STEPS,
        "step": step,
        "last": len(STEPS),
        "fields": [answers.form[name] for name in step.fields],
        "show_errors": wrong is not None,
        "hidden": answers.pairs(without=step.fields),
        "column": _column(request),
    }
    return render(request, "policies/match/steps.html", context)


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """What applies and why. `?only=` one group, in pages; without it the first of each."""
    answers = Answers(request.GET)
    today = timezone.localdate()
    profile = answers.profile(today)
    outcome = match(load_offers(), profile, today)
    only = next((v for v in Verdict if v == request.GET.get("only")), None)
    pages = _pages(request, outcome.groups[only]) if only else None
    shown = {only: list(pages)} if only else _first_of_each(outcome)
    cards = Cards([offer for offers in shown.values() for offer in offers], outcome, request)
    url = f"{reverse('matching:result')}?{answers.query}"
    context = {
        "answers": answers,
        "today": today,
        "groups": [_group(v, offers, outcome, cards, url) for v, offers in shown.items()],
        "only": only,
        "pages": pages,
        "levels": _levels(outcome, profile.place),
        "total": len(outcome.offers),
        "questions": question_rows(answers, outcome),
        "hidden": answers.pairs(
            without=[n for fact in outcome.questions for n in FIELDS_OF[fact]], sound=True
        ),
        "rows": answered_rows(answers, outcome),
        "result_url": url,
        "absolute_url": request.build_absolute_uri(url),
        "steps_url": f"{reverse('matching:steps')}?{answers.query}",
        "send_url": f"{reverse('matching:send')}?{answers.query}",
        "column": _column(request),
    }
    return render(request, "policies/match/result.html", context)


@require_safe
def send(request: HttpRequest) -> HttpResponse:
    """The inquiry form with the answers beside it, which the visitor sees, changes or leaves away."""
    answers = Answers(request.GET)
    url = f"{reverse('matching:result')}?{answers.query}"
    context = {
        "answers": answers,
        "attached": attachment_text(answers, request.build_absolute_uri(url)),
        "result_url": url,
        "column": _column(request),
    }
    return render(request, "policies/match/send.html", context)


def _first_of_each(outcome: Outcome) -> dict[Verdict, list[Offer]]:
    return {verdict: outcome.groups[verdict][: SEEN[verdict]] for verdict in Verdict}


def _group(
    verdict: Verdict, offers: list[Offer], outcome: Outcome, cards: Cards, url: str
) -> GroupShown:
    count = len(outcome.groups[verdict])
    return GroupShown(
        verdict=verdict,
        title=str(GROUP_TITLES[verdict]),
        note=str(GROUP_NOTES[verdict]),
        count=count,
        cards=cards.of(offers),
        rest_url=f"{url}&only={verdict}" if len(offers) < count else "",
    )


def _levels(outcome: Outcome, place: str) -> list[dict]:
    """A row for each level: those that contain the place, or, while it isn't known, all that have any."""
    known = levels_of(place)
    rows = known or [(Level(level), "") for level in outcome.by_level]
    return [
        {
            "label": level.label,
            "place": name_of("place", code) if code else "",
            **{v.value: outcome.by_level.get(level, {}).get(v, 0) for v in Verdict},
        }
        for level, code in rows
    ]


def _pages(request: HttpRequest, offers: list[Offer]) -> Page:
    return Paginator(offers, PER_PAGE).get_page(_number(request.GET.get("page", ""), 10_000))


def _number(text: str, largest: int) -> int:
    """A number from an address, at least 1; anything else is 1."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), largest)


def _column(request: HttpRequest):
    """The library's page, above this one in the way from the home page; None when there is none."""
    return page_at(request, "policies")
