"""Who sees what of a survey that runs: agencies, and figures of the few."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from portal.accounts.models import User
from portal.agencies.models import Agency

from ..actions.queries import agencies_of
from ..suppression import fewest_shown


@dataclass(frozen=True)
class Sight:
    """`agencies` None: all of them. `k` 0: every figure as it is."""

    agencies: tuple[Agency, ...] | None
    k: int

    def may_see(self, agency: Agency) -> bool:
        return self.agencies is None or agency in self.agencies


def sight_of(user: User) -> Sight:
    """Who reviews responses sees them all; other readers see what could be published.

    Officers see their own agency only.
    """
    k = fewest_shown(user)
    if user.has_perm("satisfaction.view_results"):
        return Sight(None, k)
    own = tuple(agencies_of(user))
    if not own:
        raise PermissionDenied
    return Sight(own, k)
