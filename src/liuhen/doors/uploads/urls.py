"""The addresses of the door for uploads; scripts keep them."""

from django.urls import path, re_path

from liuhen.doors.uploads.views import upload, uploads

urlpatterns = [
    path("", uploads, name="uploads"),
    re_path(r"^(?P<uid>[0-9a-f]{32})$", upload, name="upload"),
]
