"""The content security policy: what a page of ours may load, sent with every answer.

Invariant: no inline script and no inline style, no foreign host, no nonce; a view may widen one directive for one page.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponseBase

HEADER = "Content-Security-Policy"
_BASE: dict[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(changes: Mapping[str, str] | None = None) -> str:
    """Write the policy with some directives put in place of ours."""
    return "; ".join(f"{name} {value}" for name, value in (_BASE | dict(changes or {})).items())


def widen(response: HttpResponseBase, changes: Mapping[str, str]) -> None:
    """Give one answer its own policy."""
    response.headers[HEADER] = policy(changes)


class ContentSecurityPolicy:
    """The middleware that adds the policy, and keeps the camera and the like switched off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response.headers.setdefault(HEADER, policy())
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        return response
