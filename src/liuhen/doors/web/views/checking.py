"""公开核验: anyone drops a package or a document, or types number and code, and sees whether it is authentic.

Invariant: nothing that was dropped is kept: it lies outside the web root while it is judged, and is deleted after.
"""

import re
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from liuhen.adapters.disc.refusals import DamagedPackage, NotAPackage
from liuhen.doors.web.cards.checking import AnswerCard, document_answer, package_answer, refused_answer
from liuhen.doors.web.entry import now, refuse
from liuhen.doors.web.forms import CodeForm
from liuhen.doors.web.policy import widen
from liuhen.doors.web.typography import size
from liuhen.flows.check_document import check_digest as find_by_digest
from liuhen.flows.check_document import check_number, check_pdf, check_scanned
from liuhen.flows.check_package import check_package

_DIGEST = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[0-9A-Fa-f]{16}")
# Judging a package reads all of it: strangers may occupy no more than this many threads at a time.
_TURNS = BoundedSemaphore(2)


@csrf_exempt  # checked in _judge_upload, after the size is known: the check itself would read the whole body
@never_cache
def check_file(request: HttpRequest) -> HttpResponse:
    """Show the page, or judge what was dropped on it."""
    if request.method != "POST":
        scanned = request.GET.get("code", "")  # as the QR code on a document asks
        return _page(request, document_answer(check_scanned(scanned), scanned) if _CODE.fullmatch(scanned) else None)
    if int(request.headers.get("Content-Length") or 0) > settings.CHECK_UPLOAD_LIMIT:
        limit = size(settings.CHECK_UPLOAD_LIMIT)
        return refuse(
            request, 413, "文件太大", f"网页核验不超过 {limit}；更大的归档包请用包内自带的核验程序，不用联网。"
        )
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return _judge_upload(request)


@csrf_protect
def _judge_upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if not isinstance(file, TemporaryUploadedFile):
        return refuse(request, 400, "没有收到文件", "请选择一个归档包（zip、iso）或者一份 PDF 文书，再点“核验”。")
    if not _TURNS.acquire(blocking=False):
        return refuse(request, 503, "正在核验别的文件", "请过一分钟再试；着急时可以用包内自带的核验程序。")
    try:
        answer = _judge(Path(file.temporary_file_path()), file.name or "文件")
    finally:
        _TURNS.release()
        file.close()
    return _page(request, answer)


def _judge(path: Path, name: str) -> AnswerCard:
    with path.open("rb") as file:
        is_pdf = file.read(1024).lstrip().startswith(b"%PDF-")
    if is_pdf:
        if path.stat().st_size > settings.CHECK_PDF_LIMIT:
            return refused_answer("indeterminate", "这份 PDF 太大，不像是本系统签发的文书。", name)
        return document_answer(check_pdf(path.read_bytes()), name)
    try:
        return package_answer(check_package(path, at=now()), name)
    except NotAPackage:
        return refused_answer("indeterminate", "这不是归档包（zip、iso），也不是 PDF 文书，无从核验。", name)
    except DamagedPackage as fault:
        return refused_answer("failed", str(fault).replace(str(path), "该文件"), name)


@require_POST
@never_cache
def check_digest(request: HttpRequest) -> HttpResponse:
    """Answer for a digest that the asker's own browser computed; the file stays with the asker."""
    sha256 = request.POST.get("sha256", "")
    if not _DIGEST.fullmatch(sha256):
        return refuse(request, 400, "摘要无效", "SHA-256 摘要应为 64 位小写十六进制；请重新选择文件。")
    return _page(request, document_answer(find_by_digest(sha256), request.POST.get("name", "")[:200]))


@require_POST
@never_cache
def check_code(request: HttpRequest) -> HttpResponse:
    """Answer for the number and the code printed on a document."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, None, form, status=400)
    said = form.cleaned_data
    return _page(request, document_answer(check_number(said["number"], said["code"]), said["number"]), form)


def _page(
    request: HttpRequest, answer: AnswerCard | None, form: CodeForm | None = None, status: int = 200
) -> HttpResponse:
    card = {"answer": answer, "form": form or CodeForm(), "limit": settings.CHECK_UPLOAD_LIMIT, "place": "check"}
    response = render(request, "checking/check.html", card, status=status)
    # Both digests are computed in the browser by WebAssembly, on this page only.
    widen(response, {"script-src": "'self' 'wasm-unsafe-eval'"})
    return response
