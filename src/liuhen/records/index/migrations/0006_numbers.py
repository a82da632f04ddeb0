"""Voided documents, and every number once in an agency."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("index", "0005_custody")]

    operations = [
        migrations.AddField(model_name="documentrow", name="voided_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="documentrow",
            name="void_reason",
            field=models.CharField(blank=True, default="", max_length=500),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="documentrow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("agency", "number"),
                name="one_document_per_number",
            ),
        ),
    ]
