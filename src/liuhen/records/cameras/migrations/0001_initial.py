"""The first tables of the camera systems."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CameraCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.CharField(max_length=32)),
                ("ident", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=100)),
                ("case_uid", models.CharField(max_length=64)),
                ("act_uid", models.CharField(blank=True, max_length=64)),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("agency", "ident"), name="one_category")],
            },
        ),
        migrations.CreateModel(
            name="CameraConnection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.CharField(max_length=32, unique=True)),
                ("agency", models.CharField(max_length=32)),
                ("label", models.CharField(max_length=64)),
                ("key_digest", models.CharField(max_length=64)),
                ("container_type", models.CharField(max_length=8)),
                ("public_key_id", models.CharField(blank=True, max_length=128)),
                ("created_at", models.DateTimeField()),
                ("renewed_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("disabled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "label"], name="cameras_cam_agency_0f4b57_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("disabled_at", None)),
                        fields=("agency", "label"),
                        name="one_living_connection",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CameraContainer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("kind", models.CharField(max_length=16)),
                ("metadata", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("completed_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("officer", models.CharField(blank=True, max_length=64)),
                ("device", models.CharField(blank=True, max_length=64)),
                ("doubts", models.JSONField(default=list)),
                ("fault", models.CharField(blank=True, max_length=500)),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="containers",
                        to="cameras.cameraconnection",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CameraObject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("sm3", models.CharField(max_length=64)),
                ("md5", models.CharField(max_length=32)),
                ("size", models.BigIntegerField()),
                ("media_type", models.CharField(blank=True, max_length=100)),
                ("metadata", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField()),
                ("current", models.BooleanField(default=True)),
                ("outcome", models.CharField(blank=True, max_length=16)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("recording", models.CharField(blank=True, max_length=64)),
                (
                    "container",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objects_in",
                        to="cameras.cameracontainer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CameraRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=64)),
                ("username", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "indexes": [models.Index(fields=["address", "username", "at"], name="cameras_cam_address_6d9dab_idx")],
            },
        ),
        migrations.CreateModel(
            name="CameraToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to="cameras.cameraconnection",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="cameracontainer",
            index=models.Index(fields=["kind", "finished_at", "completed_at"], name="cameras_cam_kind_fb056a_idx"),
        ),
        migrations.AddConstraint(
            model_name="cameracontainer",
            constraint=models.UniqueConstraint(fields=("connection", "name"), name="one_container"),
        ),
        migrations.AddIndex(
            model_name="cameraobject",
            index=models.Index(fields=["recording"], name="cameras_cam_recordi_96ed70_idx"),
        ),
        migrations.AddConstraint(
            model_name="cameraobject",
            constraint=models.UniqueConstraint(fields=("container", "name", "sha256"), name="one_content_of_a_name"),
        ),
    ]
