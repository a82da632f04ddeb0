"""Create the tables of the ledger."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("agency", models.CharField(max_length=32)),
                ("stream", models.CharField(max_length=100)),
                ("seq", models.PositiveIntegerField()),
                ("type", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=64)),
                ("header", models.TextField()),
                ("origin", models.CharField(max_length=200)),
                ("leaf_index", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Log",
            fields=[
                ("origin", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("agency", models.CharField(max_length=32)),
                ("year", models.PositiveIntegerField()),
                ("next_index", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("note", models.TextField()),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("origin", "size"), name="one_checkpoint_per_size")],
            },
        ),
        migrations.CreateModel(
            name="Attestation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("cosignature", "见证签名"), ("timestamp", "时间戳")], max_length=16),
                ),
                ("name", models.CharField(max_length=200)),
                ("value", models.BinaryField()),
                ("at", models.DateTimeField()),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attestations", to="ledger.checkpoint"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Content",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="ledger.event",
                    ),
                ),
                ("salt", models.BinaryField()),
                ("content", models.TextField()),
            ],
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(condition=models.Q(("seq", 1)), fields=["agency", "stream"], name="streams_of_agency"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["agency", "recorded_at"], name="events_of_agency"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["type", "recorded_at"], name="events_of_type"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(fields=("stream", "seq"), name="one_event_per_stream_position"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(fields=("origin", "leaf_index"), name="one_event_per_leaf"),
        ),
        migrations.AddConstraint(
            model_name="log",
            constraint=models.UniqueConstraint(fields=("agency", "year"), name="one_log_per_agency_and_year"),
        ),
        migrations.AddIndex(
            model_name="attestation",
            index=models.Index(fields=["checkpoint", "kind"], name="attestations_by_kind"),
        ),
    ]
