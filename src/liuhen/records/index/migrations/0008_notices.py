"""Add since when the public notice of a document runs; rows of older notices get it when their case is next judged."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("index", "0007_approvals")]
    operations = [
        migrations.AddField("documentrow", "notice_since", models.DateTimeField(null=True)),
        migrations.AddIndex("documentrow", models.Index(fields=["notice_since", "id"], name="notices_that_run")),
    ]
