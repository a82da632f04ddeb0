"""The calls of a camera system: authentication, our settings, containers, objects.

Invariant: a success is answered only after the flow has returned, that is, after it is durable; no answer redirects.
"""

from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse

from liuhen.adapters.cameras.contents import etag_of, render_capabilities, render_categories
from liuhen.adapters.cameras.metadata import Target, read_metadata, render_metadata
from liuhen.adapters.cameras.names import kind_of_container
from liuhen.core.kernel.errors import BadInput
from liuhen.doors.devices.axis.entry import MethodRefused, admit, answering, body_of, now
from liuhen.flows.camera_categories import publish_categories
from liuhen.flows.camera_connection import STORAGE_PATH, Connection, open_session
from liuhen.flows.camera_storage import (
    Held,
    get_container,
    get_object,
    post_container,
    post_object,
    put_container,
    put_object,
)

Place = tuple[str, ...]

_JSON = "application/json"
_SETTINGS: dict[str, Callable[[Connection], bytes]] = {
    "capabilities.json": lambda connection: render_capabilities(),
    "capability.json": lambda connection: render_capabilities(),  # as older firmware asks
    "categories.json": lambda connection: render_categories(publish_categories(connection.agency, now())),
}


@answering
def authenticate(request: HttpRequest) -> HttpResponse:
    """GET with X-Auth-User and X-Auth-Key: a token, and where to deliver."""
    if request.method != "GET":
        raise BadInput("认证", "只接受 GET")
    user, key = (unquote(request.headers.get(name, "")) for name in ("X-Auth-User", "X-Auth-Key"))
    address = request.META.get("REMOTE_ADDR") or ""
    connection, token = open_session(user, key, address=address, at=now())
    storage = request.build_absolute_uri(STORAGE_PATH + connection.uid)
    return HttpResponse(status=200, headers={"X-Auth-Token": token, "X-Storage-Url": storage})


@answering
def store(request: HttpRequest, storage: str, rest: str = "") -> HttpResponse:
    """Everything below the storage address: one container, or one object in it."""
    connection = admit(request, storage)
    place = tuple(rest.removesuffix("/").split("/"))
    if len(place) > 2 or not all(place):
        raise BadInput("路径", "应为“容器”或者“容器/对象”")
    setting = _setting(place)
    if setting is not None:
        return _show_setting(request, setting(connection))
    call = _CALLS.get((request.method or "", len(place)))
    if call is None:
        raise MethodRefused(f"不支持 {request.method}")
    return call(request, connection, place)


def _setting(place: Place) -> Callable[[Connection], bytes] | None:
    if len(place) != 2 or kind_of_container(place[0]) != "system":
        return None
    return _SETTINGS.get(place[1].lower())


def _show_setting(request: HttpRequest, data: bytes) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        raise MethodRefused("这是本系统发布的设置，不能改写")
    return HttpResponse(data, content_type=_JSON, headers={"Etag": etag_of(data), "Accept-Ranges": "bytes"})


def _put_container(request: HttpRequest, connection: Connection, place: Place) -> HttpResponse:
    fresh = put_container(connection, place[0], read_metadata(request.headers.items(), "container"), now())
    return HttpResponse(status=201 if fresh else 202)


def _post_container(request: HttpRequest, connection: Connection, place: Place) -> HttpResponse:
    post_container(connection, place[0], read_metadata(request.headers.items(), "container"), now())
    return HttpResponse(status=204)


def _put_object(request: HttpRequest, connection: Connection, place: Place) -> HttpResponse:
    sent = read_metadata(request.headers.items(), "object")
    etag = put_object(connection, (place[0], place[1]), sent, body_of(request), now())
    return HttpResponse(status=201, headers={"Etag": etag})


def _post_object(request: HttpRequest, connection: Connection, place: Place) -> HttpResponse:
    post_object(connection, (place[0], place[1]), read_metadata(request.headers.items(), "object"), now())
    return HttpResponse(status=202)


def _head_container(request: HttpRequest, connection: Connection, place: Place) -> HttpResponse:
    return _show(get_container(connection, place[0]), "container")


def _head_object(request: HttpRequest, connection: Connection, place: Place) -> HttpResponse:
    return _show(get_object(connection, (place[0], place[1])), "object")


def _get_object(request: HttpRequest, connection: Connection, place: Place) -> HttpResponse:
    """Let a camera system read back what it wrote of itself; contents are never given out here."""
    if kind_of_container(place[0]) != "system":
        raise MethodRefused("这里只接收，不提供下载")
    held = get_object(connection, (place[0], place[1]))
    return HttpResponse(status=200, headers=render_metadata(held.metadata, "object"))


def _show(held: Held, target: Target) -> HttpResponse:
    headers = render_metadata(held.metadata, target)
    if held.etag is not None:
        headers |= {"Etag": held.etag, "Content-Length": str(held.size)}
    return HttpResponse(status=200, headers=headers, content_type=held.media_type or "application/octet-stream")


_CALLS: dict[tuple[str, int], Callable[[HttpRequest, Connection, Place], HttpResponse]] = {
    ("PUT", 1): _put_container,
    ("POST", 1): _post_container,
    ("HEAD", 1): _head_container,
    ("PUT", 2): _put_object,
    ("POST", 2): _post_object,
    ("HEAD", 2): _head_object,
    ("GET", 2): _get_object,
}
