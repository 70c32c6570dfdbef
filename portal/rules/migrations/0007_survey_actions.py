"""Days for mending what a survey found low."""

from datetime import date

from django.db import migrations, models

# The regulation leaves the days open: the site's own policy, which the Board is still to confirm.
VALUES = [("survey.action_working_days", 30), ("survey.action_remind_before_days", 5)]
NOTE = "Cần Ban Biên tập xác nhận."


def seed(apps, schema_editor):
    basis = apps.get_model("rules", "LegalBasis").objects.get(
        number="Chính sách của Trang thông tin"
    )
    apps.get_model("rules", "RuleValue").objects.bulk_create(
        apps.get_model("rules", "RuleValue")(
            key=key,
            amount=amount,
            basis=basis,
            article="Điều 7 khoản 3 Quy chế",
            valid_from=date(2026, 2, 1),
            note=NOTE,
        )
        for key, amount in VALUES
    )


def unseed(apps, schema_editor):
    keys = [key for key, _amount in VALUES]
    apps.get_model("rules", "RuleValue").objects.filter(key__in=keys).delete()


class Migration(migrations.Migration):
    dependencies = [("rules", "0006_survey_quality")]
    operations = [
        migrations.AlterField(
            model_name='rulevalue',
            name='key',
            field=models.CharField(choices=[('maintenance.notice_days', 'Notice before a planned stop'), ('news.intake_hours', 'News after the event'), ('documents.intake_hours', 'Documents after issue'), ('consultation.min_days', 'Shortest consultation'), ('question.answer_working_days', 'Answer to a question'), ('survey.suppression_k', 'Fewest people shown'), ('survey.min_agency_sample', 'Fewest responses for a sound figure'), ('survey.action_working_days', 'To mend what a survey found low'), ('survey.action_remind_before_days', 'Reminder before the deadline of an action after a survey'), ('survey.min_duration_seconds', 'Shortest time in which a survey can be read'), ('survey.draft_days', 'A draft answer is kept'), ('protection.form_min_seconds', 'Shortest time to fill in a form'), ('protection.form_max_hours', 'A form stays valid'), ('protection.throttle_per_hour', 'Forms from one address in an hour before a check'), ('order.answer_days', 'Answer to an order'), ('order.remind_before_days', 'First reminder before the deadline of an order'), ('order.agency_after_days', 'The agency is told of an order that is late'), ('order.board_after_days', 'The Board is told of an order that is late'), ('proposal.reply_working_days', 'Reply to a proposal'), ('contribution.draft_days', 'An item that was begun and not sent is kept'), ('contribution.personal_days', 'Who sent an item is kept after the decision on it'), ('check.first_days', 'What was published is checked within'), ('check.again_days', 'A living page is checked again after')], max_length=60, verbose_name='rule'),
        ),
        migrations.RunPython(seed, unseed),
    ]
