"""Kleene's three values: what is known to be so, known not to be so, and not known."""

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """Ordered so that "and" is the least and "or" the greatest of several."""

    NOT_MET = 0
    UNKNOWN = 1
    MET = 2


def all_of(truths: Iterable[Truth]) -> Truth:
    """MET for none at all."""
    return min(truths, default=Truth.MET)


def any_of(truths: Iterable[Truth]) -> Truth:
    """NOT_MET for none at all."""
    return max(truths, default=Truth.NOT_MET)


def opposite(truth: Truth) -> Truth:
    return Truth(2 - truth)


def of_overlap(possible: frozenset[str], wanted: frozenset[str]) -> Truth:
    """Whether the one true value is among `wanted`, when all that is known is that it is in `possible`.

    UNKNOWN when `possible` is empty: then nothing is known.
    """
    if possible and possible <= wanted:
        return Truth.MET
    return Truth.NOT_MET if possible and possible.isdisjoint(wanted) else Truth.UNKNOWN
