from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import stages
from crm.errors import CrmError, OwnerMissingError, ReasonMissingError, StageError
from crm.models import Lead
from crm.services import change_stage
from tests.factories.crm import LeadFactory

Stage = Lead.Stage


def test_every_stage_stands_in_the_table_and_leads_somewhere():
    assert set(stages.TRANSITIONS) == set(Stage.values)
    assert all(stages.TRANSITIONS.values())


def test_no_stage_leads_to_itself_or_back_to_new():
    for stage, open_stages in stages.TRANSITIONS.items():
        assert stage not in open_stages
        assert Stage.NEW not in open_stages


def test_every_stage_can_be_reached_and_closed():
    reached = {Stage.NEW}
    while more := {t for s in reached for t in stages.TRANSITIONS[s]} - reached:
        reached |= more
    assert reached == set(Stage.values)
    assert all(stages.may_move(s, Stage.CLOSED) for s in Stage.values if s != Stage.CLOSED)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*Stage.values, "", "won"]), st.sampled_from(["", " ", "因为合适"])
        ),
        max_size=8,
    ),
    st.booleans(),
)
def test_any_walk_follows_the_table_and_is_logged(officer, walk, owned):
    lead = LeadFactory(owner=officer if owned else None)
    stage, moves = Stage.NEW.value, 0
    for to, reason in walk:
        try:
            change_stage(lead=lead, to=to, reason=reason, actor=officer)
        except CrmError as error:
            expected = (
                StageError
                if not stages.may_move(stage, to)
                else ReasonMissingError
                if not reason.strip()
                else OwnerMissingError
            )
            assert type(error) is expected
        else:
            assert stages.may_move(stage, to)
            assert owned or to not in stages.NEEDS_OWNER
            stage, moves = to, moves + 1
        lead.refresh_from_db()
        assert lead.stage == stage
    log = list(lead.activities.filter(kind="stage").order_by("pk"))
    assert len(log) == moves
    assert all(a.actor == officer and a.text == "因为合适" for a in log)
    if log:
        assert log[0].data["from"] == Stage.NEW
        assert log[-1].data["to"] == stage
