"""Make the search table: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from liuhen.records.index.search import POSTGRES_TABLE, SQLITE_TABLE


def make(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(SQLITE_TABLE if editor.connection.vendor == "sqlite" else POSTGRES_TABLE)


def drop(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("DROP TABLE index_case_search")


class Migration(migrations.Migration):
    dependencies = [("index", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
