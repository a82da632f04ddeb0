"""The addresses of the whole site: each door lists its own, this page only joins them."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("cameras/", include("liuhen.doors.devices.axis.urls")),
    path("api/", include("liuhen.doors.api.urls")),
    path("uploads/", include("liuhen.doors.uploads.urls")),
    path("", include("liuhen.doors.web.urls")),
]
