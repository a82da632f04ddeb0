"""Accounts: who may log in, and the opaque id under which the ledger knows them.

Invariant: an event names only `actor`; the person behind it is found here and in the agency's own events.
"""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


def new_actor() -> str:
    """Give a fresh opaque id that says nothing about its person."""
    return uuid.uuid4().hex


class User(AbstractUser):
    """An account; roles are Django groups."""

    actor = models.CharField(max_length=32, unique=True, default=new_actor, editable=False)
    display_name = models.CharField(max_length=64, blank=True)
    agency = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return self.display_name or self.username


class ApiToken(models.Model):
    """A key with which a program acts as a person; only its digest is kept, so a stolen database opens no door."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.label} ({self.user})"
