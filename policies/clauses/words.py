"""The word list as it is delivered, and how it comes into the database."""

from collections.abc import Iterator
from pathlib import Path

import yaml

FILE = Path(__file__).resolve().parents[1] / "data" / "gate_words.yaml"


def delivered() -> Iterator[dict]:
    """The delivered words as values of `GateWord`, each phrase once. Raises OSError, YAMLError."""
    known = set()
    for group in yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader):
        for entry in group["phrases"]:
            own = entry if isinstance(entry, dict) else {"phrase": entry}
            if own["phrase"] in known:
                continue
            known.add(own["phrase"])
            yield {
                "phrase": own["phrase"],
                "rule": group["rule"],
                "explanation": group["explanation"],
                "severity": group["severity"],
                "place": group.get("place", "everywhere"),
                "harmless_in": "\n".join(own.get("harmless_in", [])),
                "unless_lawful": group.get("unless_lawful", False),
                "delivered": True,
            }


def add_delivered(model) -> int:
    """Add the delivered words that are not there; those that are there stay as publishers made them.

    Args:
        model: GateWord, or the model of the same name in a migration.

    Returns:
        How many were added.
    """
    known = set(model.objects.values_list("phrase", flat=True))
    missing = [model(**values) for values in delivered() if values["phrase"] not in known]
    model.objects.bulk_create(missing)
    return len(missing)
