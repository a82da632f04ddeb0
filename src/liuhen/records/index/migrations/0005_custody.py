"""Add what the import desk lists recordings by: device, way in, parts of one recording, doubtful clocks, what is examined."""

import json

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def carry_over(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Say of rows already there what their events say."""
    recordings = apps.get_model("index", "RecordingRow").objects
    said = apps.get_model("ledger", "Event").objects.filter(type="recording.stored").order_by("stream", "seq")
    for stream, content in said.values_list("stream", "content__content").iterator():
        if content:
            told = json.loads(content)
            recordings.filter(uid=stream.partition(":")[2]).update(
                device=told.get("device") or "", clock_doubt=(told.get("clock_doubt") or "")[:300]
            )


class Migration(migrations.Migration):
    dependencies = [("index", "0004_closed"), ("ledger", "0001_initial")]
    operations = [
        *(
            migrations.AddField(
                "recordingrow",
                name,
                models.CharField(blank=True, max_length=longest, default=""),
                preserve_default=False,
            )
            for name, longest in (("device", 64), ("way", 16), ("whole", 128), ("clock_doubt", 300))
        ),
        migrations.AddField("recordingrow", "part", models.IntegerField(null=True)),
        migrations.AddField("recordingrow", "examined", models.BooleanField(default=False)),
        migrations.AddField(
            "quarantinerow",
            "outcome",
            models.CharField(blank=True, max_length=500, default=""),
            preserve_default=False,
        ),
        *(
            migrations.AddIndex("recordingrow", models.Index(fields=fields, name=name))
            for name, fields in (
                ("index_recor_agency_b409db_idx", ["agency", "case_uid", "-stored_at"]),
                ("index_recor_examine_baf448_idx", ["examined", "id"]),
                ("index_recor_agency_29badc_idx", ["agency", "whole", "part"]),
            )
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
