"""The first table of the drafts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DraftRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.CharField(max_length=32, unique=True)),
                ("agency", models.CharField(max_length=32)),
                ("case_uid", models.CharField(max_length=64)),
                ("code", models.CharField(max_length=8)),
                ("act", models.CharField(blank=True, max_length=32)),
                ("texts", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=0)),
                ("begun_by", models.CharField(max_length=64)),
                ("begun_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=64)),
                ("changed_at", models.DateTimeField()),
                ("document", models.CharField(blank=True, max_length=32)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case_uid", "document", "-changed_at"], name="drafts_draf_case_ui_91dcf9_idx")
                ],
            },
        ),
    ]
