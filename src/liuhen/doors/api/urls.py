"""The addresses of the API: each version under its number."""

from django.urls import path

from liuhen.doors.api.version_1 import api

urlpatterns = [path("v1/", api.urls)]
