"""The WSGI entry that a web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from liuhen.doors.collecting import collect_seldom

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuhen.site.settings")

application = get_wsgi_application()

collect_seldom()
