"""What stood in a draft when it was read out to the party."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("drafts", "0001_begin")]

    operations = [
        migrations.AddField(model_name="draftrow", name="read_out", field=models.JSONField(default=dict)),
    ]
