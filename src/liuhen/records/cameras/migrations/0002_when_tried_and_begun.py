"""Remember when a delivery was last tried, and when a content was begun to be sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cameras", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="cameracontainer",
            name="tried_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="cameraobject",
            name="begun_at",
            field=models.DateTimeField(null=True),
        ),
    ]
