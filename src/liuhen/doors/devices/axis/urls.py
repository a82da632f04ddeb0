"""The addresses of the camera door. The second one takes everything below it, so that no address ever ends in a redirect."""

from django.urls import URLPattern, re_path

urlpatterns: list[URLPattern] = []
