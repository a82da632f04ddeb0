"""Add the rows of rounds of approval that wait for somebody; before this there were no rounds, so there is nothing to fill."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("index", "0006_numbers")]
    operations = [
        migrations.CreateModel(
            "ApprovalRow",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.CharField(max_length=64, unique=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="approvals", to="index.caserow"
                    ),
                ),
                ("agency", models.CharField(max_length=32)),
                ("matter", models.CharField(max_length=64)),
                ("step", models.CharField(max_length=32)),
                ("takers", models.TextField()),
                ("barred", models.TextField()),
                ("lendable", models.BooleanField()),
                ("since", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["agency", "since", "id"], name="index_appro_agency_54810a_idx")]},
        ),
    ]
