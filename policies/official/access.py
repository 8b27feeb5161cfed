"""Who may read what is made of a policy."""

from base.page_access import for_readers_of
from policies.models import PolicyPage

for_readers = for_readers_of(PolicyPage)
