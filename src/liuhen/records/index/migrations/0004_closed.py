"""Add what keeps closed recordings closed: the columns without them, who works on a case, and how a recording is classified."""

import json

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F


def carry_over(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Say of rows already there what their events say; who works on a case is listed when its next event is recorded."""
    rows = apps.get_model("index", "CaseRow").objects
    rows.update(
        open_unmet=F("unmet"),
        open_pending=F("pending"),
        open_undetermined=F("undetermined"),
        open_next_due=F("next_due"),
        open_next_step=F("next_step"),
    )
    recordings = apps.get_model("index", "RecordingRow").objects
    said = apps.get_model("ledger", "Event").objects.filter(type="recording.classified").order_by("stream", "seq")
    for stream, content in said.values_list("stream", "content__content"):
        if content:
            word = json.loads(content)["classification"]
            recordings.filter(uid=stream.partition(":")[2]).update(classification=word[:64])


class Migration(migrations.Migration):
    dependencies = [("index", "0003_calendars"), ("ledger", "0001_initial")]
    operations = [
        migrations.AddField("caserow", "open_unmet", models.IntegerField(default=0)),
        migrations.AddField("caserow", "open_pending", models.IntegerField(default=0)),
        migrations.AddField("caserow", "open_undetermined", models.IntegerField(default=0)),
        migrations.AddField("caserow", "open_next_due", models.DateTimeField(null=True)),
        migrations.AddField(
            "caserow",
            "open_next_step",
            models.CharField(blank=True, max_length=200, default=""),
            preserve_default=False,
        ),
        migrations.AddField("findingrow", "closed", models.BooleanField(default=False)),
        migrations.AddField(
            "recordingrow",
            "classification",
            models.CharField(blank=True, max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="InsiderRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(max_length=64)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="insiders", to="index.caserow"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "case"], name="index_insid_person_a2d44b_idx")],
                "constraints": [models.UniqueConstraint(fields=("case", "person"), name="one_insider")],
            },
        ),
        migrations.AddIndex(
            "caserow", models.Index(fields=["agency", "open_next_due"], name="index_caser_agency_6042a8_idx")
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
