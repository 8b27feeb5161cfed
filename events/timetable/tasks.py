from django_tasks import task

from events.services.proposals import work_out


@task()
def work_out_proposal(proposal_id: int) -> str:
    """Work out one proposed timetable."""
    return work_out(proposal_id)
