"""现场: the page that an officer uses on a phone during an act, the data it takes along, and the worker that opens it offline.

Invariant: only officers who handle the agency's cases get any of it; camera and microphone are allowed to this page alone; the
worker reaches no further than one case.
"""

import json
from dataclasses import asdict

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.kernel.errors import BadInput
from liuhen.doors.web.cards.on_site import on_site
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.policy import widen
from liuhen.flows.access import Permission, case_for
from liuhen.flows.occasion import Occasion
from liuhen.flows.prepare_act import causes_for, prepare_act, prepare_begun
from liuhen.flows.read_case import read_case
from liuhen.flows.resumable.announcement import LARGEST_UPLOAD
from liuhen.flows.resumable.taken import link_taken, read_taken

# What the page needs to open where there is no network; fonts follow as they are used.
SHELL = (
    "mark.svg",
    "site.css",
    "case.css",
    "on_site.css",
    "site.js",
    "on_site.js",
    "on_site_acts.js",
    "on_site_asked.js",
    "on_site_camera.js",
    "on_site_clock.js",
    "on_site_keeping.js",
    "on_site_sending.js",
    "on_site_parts.js",
    "on_site_queue.js",
    "vendor/htmx/htmx.min.js",
    "vendor/tus/tus.min.js",
    "vendor/noto-sans-sc/index.css",
)
_HERE = {"img-src": "'self' data: blob:", "media-src": "'self' blob:", "manifest-src": "'self'"}
_ALLOWED = "camera=(self), microphone=(self), screen-wake-lock=(self), geolocation=(), payment=()"


@admitted
@ensure_csrf_cookie
@require_safe
def show_on_site(request: HttpRequest, occasion: Occasion, uid: str, act: str = "") -> HttpResponse:
    """Show the page; which act it is about the page reads off its own address, so that one copy serves all acts of a case."""
    row = case_for(occasion.actor, uid, Permission.INVESTIGATE)
    card = {
        "uid": uid,
        "number": row.number or row.register_number,
        "party": row.party,
        "person": occasion.actor.uid,
        "limit": LARGEST_UPLOAD,
        "place": "cases",
    }
    response = render(request, "on_site/on_site.html", card)
    widen(response, _HERE)
    response.headers["Permissions-Policy"] = _ALLOWED
    return response


@admitted
@require_safe
def send_data(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Send what the page takes along of this case."""
    case_for(occasion.actor, uid, Permission.INVESTIGATE)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    words = prepare_act(reading, act="", traits=()).kinds
    kinds = [prepare_act(reading, act=kind, traits=()) for kind in words]
    acts = [(act, prepare_begun(reading, act)) for act in reading.facts.case.acts.values()]
    return JsonResponse(asdict(on_site(reading, occasion.actor, kinds, acts, causes_for(reading))))


@admitted
@require_safe
def send_worker(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Send the program that opens the page without network; it is let into the addresses of this case and no others."""
    case_for(occasion.actor, uid, Permission.INVESTIGATE)
    told = {
        "case": uid,
        "person": occasion.actor.uid,
        "shell": [staticfiles_storage.url(name) for name in SHELL],
        "page": reverse("on-site", args=[uid]),
        "data": reverse("on-site-data", args=[uid]),
    }
    response = render(
        request, "on_site/worker.js", {"told": json.dumps(told)}, content_type="text/javascript; charset=utf-8"
    )
    response.headers["Service-Worker-Allowed"] = reverse("case", args=[uid])
    return response


@admitted
@require_safe
def send_manifest(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Send what a phone asks before it puts the page among its programs; it names no party."""
    case_for(occasion.actor, uid, Permission.INVESTIGATE)
    said = {
        "name": "留痕 · 现场",
        "short_name": "现场",
        "lang": "zh-Hans",
        "id": reverse("on-site", args=[uid]),
        "start_url": reverse("on-site", args=[uid]),
        "scope": reverse("case", args=[uid]),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#1c3766",
        "icons": [{"src": staticfiles_storage.url("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(said, content_type="application/manifest+json")


@admitted
@require_POST
def link(request: HttpRequest, occasion: Occasion, uid: str, act: str, recording: str) -> HttpResponse:
    """See to it that what was taken within an act is linked to it, however often it is asked, and say how long it is."""
    taken = read_taken({"case": uid, "act": act})
    if taken is None:
        raise BadInput("act", "没有写明执法活动")
    standing = link_taken(occasion, taken, recording)
    said = {
        "linked": standing.is_linked,
        "act": standing.act,
        "length_ms": standing.length_ms,
        "reason": standing.reason,
    }
    return JsonResponse(said)
