"""The addresses of the site, with two more to compare it with.

`/bare/` does what no registration can do without: an insert and a conditional update, in one transaction,
and nothing else. `/naive/` counts, rests and inserts: what oversells.
"""

import time

from django.db import models, transaction
from django.db.models import F
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.urls import handler403, handler404
from config.urls import urlpatterns as site_urlpatterns

__all__ = ["handler403", "handler404", "urlpatterns"]

REST = 0.02
CONFLICT = 409


class Seats(models.Model):
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return f"{self.taken} of {self.capacity}"


class Booking(models.Model):
    seats = models.ForeignKey(Seats, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    email = models.EmailField()

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.email


class FullError(Exception):
    pass


@csrf_exempt
def bare(request, pk: int) -> HttpResponse:
    try:
        with transaction.atomic():
            Booking.objects.create(
                seats_id=pk, name=request.POST["name"], email=request.POST["email"]
            )
            free = Seats.objects.filter(pk=pk, taken__lt=F("capacity"))
            if not free.update(taken=F("taken") + 1):
                raise FullError
    except FullError:
        return HttpResponse(status=CONFLICT)
    return HttpResponse(status=201)


@csrf_exempt
def naive(request, pk: int) -> HttpResponse:
    capacity = Seats.objects.get(pk=pk).capacity
    count = Booking.objects.filter(seats_id=pk).count()
    time.sleep(REST)
    if count >= capacity:
        return HttpResponse(status=CONFLICT)
    Booking.objects.create(seats_id=pk, name=request.POST["name"], email=request.POST["email"])
    return HttpResponse(status=201)


urlpatterns = [path("bare/<int:pk>/", bare), path("naive/<int:pk>/", naive), *site_urlpatterns]
