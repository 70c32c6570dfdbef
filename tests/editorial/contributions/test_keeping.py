"""What was sent never changes, and personal data goes after its days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from editorial import contribution_retention, taking_up, turning_down
from editorial.models import Contribution
from portal import clock
from portal.outbox.draining import drain
from portal.outbox.registry import chores
from portal.protection.models import QuarantinedFile
from tests.editorial.contributions.steps import TITLE, admin_url, send
from tests.editorial.office import signed_in
from tests.protection.files import infected_pdf, upload

pytestmark = pytest.mark.django_db


class TestKeeping:
    def test_the_database_refuses_to_change_what_was_sent(self, client):
        row = send(client)
        for change in ({"text": "khác"}, {"title": "khác"}, {"code": "x"}, {"sender_name": "x"}):
            with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
                Contribution.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Contribution.objects.filter(pk=row.pk)._raw_delete("default")

    def test_personal_data_goes_after_its_days(self, client, group, place, at):
        taken, refused, open_ = (send(client, upload("t.pdf", infected_pdf())) for _ in range(3))
        drain()
        taking_up.take_up(taken.pk, place, group.user)
        turning_down.turn_down(refused.pk, ["untrue"], "Thiếu nguồn", group.user)
        drain()
        moment = clock.now()
        at(moment + timedelta(days=180))
        assert contribution_retention.erase_due in chores()
        assert contribution_retention.erase_due() == 0
        at(moment + timedelta(days=181))
        assert contribution_retention.erase_due() == 2
        assert contribution_retention.erase_due() == 0
        for row in (taken, refused, open_):
            row.refresh_from_db()
        assert (taken.sender_name, taken.email, taken.title) == ("", "", TITLE)
        assert (refused.sender_name, refused.text, refused.note) == ("", "", "Thiếu nguồn")
        assert open_.sender_name == "Đỗ Thị Ánh"
        states = QuarantinedFile.objects.values_list("emptied_at", flat=True)
        assert sum(emptied is not None for emptied in states) == 2
        assert signed_in(group.user).get(admin_url(refused)).status_code == 200
