"""The addresses of the camera door. The second one takes everything below it, so that no address ever ends in a redirect."""

from django.urls import URLPattern, re_path

from liuhen.doors.devices.axis import views

urlpatterns: list[URLPattern] = [
    re_path(r"^auth/v1\.0/?$", views.authenticate, name="camera-authentication"),
    re_path(r"^v1/(?P<storage>[0-9A-Za-z]{1,64})(?:/(?P<rest>[^\0]*))?\Z", views.store, name="camera-storage"),
]
