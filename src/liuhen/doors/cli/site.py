"""Starting Django for the commands that need records; commands of pure law never come here."""

import os
from pathlib import Path


def start(data: str | None = None) -> None:
    """Set the data folder, load Django, and bring the database up to date."""
    if data is not None:
        os.environ["LIUHEN_DATA"] = str(Path(data).expanduser().absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuhen.site.settings")
    # Imported here: only these commands pay for Django.
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
