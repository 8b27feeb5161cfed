from django import template

from policies.clauses.display import ShownClause, clauses_of

register = template.Library()


@register.simple_tag
def policy_clauses(page) -> list[ShownClause]:
    """The public clauses of a policy page in the reader's language."""
    return clauses_of(page)
