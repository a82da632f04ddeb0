"""The WSGI entry that a web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuhen.site.settings")

application = get_wsgi_application()

# What was loaded stays until the end: leaving it out of every collection makes a request some percent cheaper.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
