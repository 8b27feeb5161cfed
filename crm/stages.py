"""Which stage a lead may go to from which, and what the new stage asks for: data, not `if`s.

The list, the lead's page and every later interface use these tables through
`crm.services.change_stage`. Every move needs a reason, so the tables don't repeat it.
"""

from crm.models.lead import Lead

Stage = Lead.Stage

TRANSITIONS: dict[str, tuple[str, ...]] = {
    Stage.NEW: (Stage.SCREENING, Stage.TALKING, Stage.SHELVED, Stage.CLOSED),
    Stage.SCREENING: (Stage.TALKING, Stage.SHELVED, Stage.CLOSED),
    Stage.TALKING: (Stage.QUALIFIED, Stage.SCREENING, Stage.SHELVED, Stage.CLOSED),
    Stage.QUALIFIED: (Stage.TALKING, Stage.SHELVED, Stage.CLOSED),
    Stage.SHELVED: (Stage.SCREENING, Stage.TALKING, Stage.CLOSED),
    Stage.CLOSED: (Stage.SCREENING,),
}

# Stages in which somebody must be answering the visitor.
NEEDS_OWNER = frozenset({Stage.SCREENING, Stage.TALKING, Stage.QUALIFIED})


def may_move(from_stage: str, to_stage: str) -> bool:
    return to_stage in TRANSITIONS.get(from_stage, ())


def next_stages(stage: str) -> list[tuple[str, str]]:
    """The stages open from here as (value, label)."""
    return [(value, Stage(value).label) for value in TRANSITIONS.get(stage, ())]
