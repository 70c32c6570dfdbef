from datetime import date

from django.db import migrations, models

# The site's own policy, which the Board is still to confirm.
VALUES = [
    ("consultation.draft_days", 7, "Điều 8 khoản 4 điểm b Quy chế"),
    ("consultation.remind_before_days", 3, "Điều 5 khoản 5 điểm đ Quy chế"),
    ("consultation.contact_days", 180, "Điều 8 khoản 4 điểm b Quy chế"),
]
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
            article=article,
            valid_from=date(2026, 2, 1),
            note=NOTE,
        )
        for key, amount, article in VALUES
    )


def unseed(apps, schema_editor):
    keys = [key for key, _amount, _article in VALUES]
    apps.get_model("rules", "RuleValue").objects.filter(key__in=keys).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('rules', '0007_survey_actions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rulevalue',
            name='key',
            field=models.CharField(choices=[('maintenance.notice_days', 'Notice before a planned stop'), ('news.intake_hours', 'News after the event'), ('documents.intake_hours', 'Documents after issue'), ('consultation.min_days', 'Shortest consultation'), ('question.answer_working_days', 'Answer to a question'), ('survey.suppression_k', 'Fewest people shown'), ('survey.min_agency_sample', 'Fewest responses for a sound figure'), ('survey.min_duration_seconds', 'Shortest time in which a survey can be read'), ('survey.draft_days', 'A draft answer is kept'), ('protection.form_min_seconds', 'Shortest time to fill in a form'), ('protection.form_max_hours', 'A form stays valid'), ('protection.throttle_per_hour', 'Forms from one address in an hour before a check'), ('order.answer_days', 'Answer to an order'), ('order.remind_before_days', 'First reminder before the deadline of an order'), ('order.agency_after_days', 'The agency is told of an order that is late'), ('order.board_after_days', 'The Board is told of an order that is late'), ('proposal.reply_working_days', 'Reply to a proposal'), ('contribution.draft_days', 'An item that was begun and not sent is kept'), ('contribution.personal_days', 'Who sent an item is kept after the decision on it'), ('consultation.draft_days', 'An opinion that was begun and not sent is kept'), ('consultation.remind_before_days', "Reminder before an agency's opinion is due, and before a consultation closes"), ('consultation.contact_days', 'How to reach who sent an opinion is kept after the answers are published'), ('check.first_days', 'What was published is checked within'), ('check.again_days', 'A living page is checked again after')], max_length=60, verbose_name='rule'),
        ),
        migrations.RunPython(seed, unseed),
    ]
