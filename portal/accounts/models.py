from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Someone who signs in: staff, collaborators, agency officers. Citizens have no account.

    A Vietnamese name is one string, family name first; it is kept whole in
    `last_name` + `first_name` order only for Wagtail's own screens.
    """

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def get_full_name(self) -> str:
        """Family name first, as Vietnamese names are written."""
        return f"{self.last_name} {self.first_name}".strip()
