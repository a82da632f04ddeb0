"""The WSGI entry that a web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuhen.site.settings")

application = get_wsgi_application()
