"""归档与下载: the archivist files the case and builds its package; whoever may see the case can fetch it."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liuhen.doors.web.cards.archive import archive_page
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.forms import ArchiveForm
from liuhen.doors.web.ranges import ranged
from liuhen.flows.bind_volume import bind_volume
from liuhen.flows.conclude import archive_case
from liuhen.flows.deliver import Parcel, fetch_parcel, make_parcels, parcels
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import read_case


@admitted
def show_archive(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Show the archive page of a case, and file the case when the archivist sends the form."""
    form = ArchiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        archive_case(uid, occasion, archive_number=said["archive_number"], retention=said["retention"])
        return redirect("archive", uid)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    card = archive_page(reading, occasion.actor, parcels(occasion.actor, uid))
    status = 400 if form.is_bound else 200
    return render(request, "archiving/archive.html", {"archive": card, "form": form}, status=status)


@admitted
@require_POST
def make_package(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Build the package; it takes seconds, and the button says so."""
    make_parcels(uid, occasion)
    return redirect("archive", uid)


@admitted
@require_safe
def send_volume(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Send the documents of a case bound into one PDF; it is made anew each time, of the case as it stands."""
    asked = request.GET
    bound = bind_volume(uid, occasion, purpose=asked.get("purpose", "")[:20], access=asked.get("access", "")[:64])
    response = HttpResponse(bound.pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(bound.name)}"
    return response


@admitted
@require_safe
def send_package(request: HttpRequest, occasion: Occasion, uid: str, manifest: str, form: str) -> HttpResponseBase:
    """Send a package as a zip file or a disc image; a cut download goes on where it stopped."""
    asked = request.GET
    parcel = fetch_parcel(
        uid,
        occasion,
        manifest=manifest,
        form=form,
        purpose=asked.get("purpose", "")[:20],
        access=asked.get("access", "")[:64],
    )
    media_type = "application/zip" if form == "zip" else "application/x-iso9660-image"
    response = ranged(
        request,
        opened=parcel.open,
        size=parcel.size,
        digest=f"{parcel.manifest}-{parcel.form}",
        media_type=media_type,
    )
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_name(parcel))}"
    return response


def _name(parcel: Parcel) -> str:
    return f"{parcel.path.stem}.{parcel.form}"
