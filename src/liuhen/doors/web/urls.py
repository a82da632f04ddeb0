"""The addresses of the web door. Names are used by templates and cards; addresses are what people keep as bookmarks."""

from django.urls import path, register_converter

from liuhen.doors.web.cards.detail import PARTS
from liuhen.doors.web.views import (
    archives,
    calendar,
    cases,
    checking,
    custody,
    desk,
    documents,
    drafting,
    evidence,
    filming,
    handling,
    import_desk,
    law,
    lists,
    marked,
    new_case,
    on_site,
    recordings,
    register,
    signing,
    signing_in,
)


class PartConverter:
    """The kinds of thing that can be shown in the panel of a case."""

    regex = "|".join(["findings", *PARTS])

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PartConverter, "part")

urlpatterns = [
    path("", desk.show_desk, name="desk"),
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", signing_in.SignOut.as_view(), name="sign-out"),
    path("cases/", cases.show_cases, name="cases"),
    path("cases/new/", new_case.register_new, name="new-case"),
    path("cases/<slug:uid>/", cases.show_case, name="case"),
    path("cases/<slug:uid>/handling/", handling.show_handling, name="handling"),
    path("cases/<slug:uid>/handling/<slug:kind>/", handling.take_step, name="handling-step"),
    path("cases/<slug:uid>/on-site/", on_site.show_on_site, name="on-site"),
    path("cases/<slug:uid>/on-site/data/", on_site.send_data, name="on-site-data"),
    path("cases/<slug:uid>/on-site/worker.js", on_site.send_worker, name="on-site-worker"),
    path("cases/<slug:uid>/on-site/manifest.webmanifest", on_site.send_manifest, name="on-site-manifest"),
    path("cases/<slug:uid>/acts/<slug:act>/on-site/", on_site.show_on_site, name="on-site-act"),
    path("cases/<slug:uid>/acts/<slug:act>/on-site/<slug:recording>/link/", on_site.link, name="on-site-link"),
    path("cases/<slug:uid>/before/", cases.show_before, name="before"),
    path("cases/<slug:uid>/archive/", archives.show_archive, name="archive"),
    path("cases/<slug:uid>/package/", archives.make_package, name="make-package"),
    path("cases/<slug:uid>/package/<slug:manifest>/<slug:form>/", archives.send_package, name="package"),
    path("cases/<slug:uid>/write/", drafting.choose_type, name="draft-types"),
    path("cases/<slug:uid>/write/<slug:code>/", drafting.write, name="draft"),
    path("cases/<slug:uid>/write/<slug:code>/preview/", drafting.preview, name="draft-preview"),
    path("cases/<slug:uid>/write/<slug:code>/check/", drafting.check, name="draft-check"),
    path("cases/<slug:uid>/drafts/<slug:draft>/", drafting.open_again, name="draft-open"),
    path("cases/<slug:uid>/drafts/<slug:draft>/save/", drafting.save, name="draft-save"),
    path("cases/<slug:uid>/drafts/<slug:draft>/drop/", drafting.drop, name="draft-drop"),
    path("cases/<slug:uid>/documents/<slug:document>/file/", documents.send_document, name="document-file"),
    path("cases/<slug:uid>/documents/<slug:document>/sign/", signing.show_signing, name="signing"),
    path("cases/<slug:uid>/documents/<slug:document>/sign/<int:place>/hand/", signing.sign, name="signing-hand"),
    path(
        "cases/<slug:uid>/documents/<slug:document>/sign/<int:place>/refusal/", signing.refuse, name="signing-refusal"
    ),
    path("cases/<slug:uid>/documents/<slug:document>/sign/mark/", signing.mark, name="signing-mark"),
    path("cases/<slug:uid>/documents/<slug:document>/sign/complete/", signing.complete, name="signing-complete"),
    path("cases/<slug:uid>/documents/<slug:document>/sign/seal/", signing.seal, name="signing-seal"),
    path("cases/<slug:uid>/recordings/<slug:recording>/play/", recordings.show_player, name="play"),
    path("cases/<slug:uid>/recordings/<slug:recording>/bytes/", recordings.send_recording, name="recording-bytes"),
    path("cases/<slug:uid>/recordings/<slug:recording>/poster/", recordings.send_poster, name="poster"),
    path("cases/<slug:uid>/recordings/<slug:recording>/marks/", recordings.mark, name="mark"),
    path("cases/<slug:uid>/recordings/<slug:recording>/copy/", recordings.send_copy, name="recording-copy"),
    path("cases/<slug:uid>/recordings/<slug:recording>/preview/", recordings.send_preview, name="recording-preview"),
    path("cases/<slug:uid>/recordings/<slug:recording>/waveform/", recordings.send_waveform, name="recording-waveform"),
    path("cases/<slug:uid>/recordings/<slug:recording>/unlink/", filming.unlink, name="unlink"),
    path("cases/<slug:uid>/filming/", filming.show_filming, name="filming"),
    path("cases/<slug:uid>/acts/<slug:act>/gaps/", filming.explain_gap, name="explain-gap"),
    path("recordings/<slug:recording>/", recordings.show_recording, name="recording"),
    path("recordings/<slug:recording>/time/", filming.retime, name="retime"),
    path("recordings/<slug:recording>/link/", filming.link_loose, name="loose-link"),
    path("recordings/<slug:recording>/bytes/", recordings.send_recording, {"uid": ""}, name="loose-bytes"),
    path("recordings/<slug:recording>/copy/", recordings.send_copy, {"uid": ""}, name="loose-copy"),
    path("recordings/<slug:recording>/preview/", recordings.send_preview, {"uid": ""}, name="loose-preview"),
    path("recordings/<slug:recording>/waveform/", recordings.send_waveform, {"uid": ""}, name="loose-waveform"),
    path("recordings/<slug:recording>/poster/", recordings.send_poster, {"uid": ""}, name="loose-poster"),
    path("recordings/<slug:recording>/marks/", recordings.mark, {"uid": ""}, name="loose-mark"),
    path("cases/<slug:uid>/recordings/<slug:recording>/evidence/", evidence.show_evidence, name="evidence"),
    path(
        "cases/<slug:uid>/recordings/<slug:recording>/evidence/print/", evidence.print_evidence, name="evidence-print"
    ),
    path("cases/<slug:uid>/recordings/<slug:recording>/extract/", evidence.extract, name="extract"),
    path(
        "cases/<slug:uid>/recordings/<slug:recording>/extract/<slug:item>/", evidence.send_extract, name="extract-file"
    ),
    path("cases/<slug:uid>/recordings/<slug:recording>/marked/", marked.show_marked, name="marked"),
    path("cases/<slug:uid>/recordings/<slug:recording>/marked/file/", marked.send_marked, name="marked-file"),
    path("cases/<slug:uid>/recordings/<slug:recording>/custody/", custody.show_custody, name="custody"),
    path(
        "cases/<slug:uid>/recordings/<slug:recording>/custody/<slug:kind>/", custody.enter_custody, name="custody-entry"
    ),
    path("cases/<slug:uid>/<part:kind>/<str:key>/", cases.show_part, name="case-part"),
    path("law/", law.show_packs, name="law"),
    path("law/<str:name>/", law.show_pack, name="law-pack"),
    path("law/<str:name>/<str:clause>/", law.show_clause, name="law-clause"),
    path("lists/", lists.show_lists, name="lists"),
    path("lists/draft/", lists.show_draft, name="list-draft"),
    path("lists/draft/row/", lists.save_row, name="list-save"),
    path("lists/draft/change/", lists.change_draft, name="list-change"),
    path("lists/draft/import/", lists.import_list, name="list-import"),
    path("lists/draft/preview/", lists.preview, name="list-preview"),
    path("lists/draft/publish/", lists.publish, name="list-publish"),
    path("lists/<slug:uid>/", lists.show_version, name="list-version"),
    path("lists/<slug:uid>/xlsx/", lists.export_list, name="list-export"),
    path("calendar/", calendar.show_calendar, name="calendar"),
    path("calendar/entry/", calendar.enter_notice, name="calendar-entry"),
    path("calendar/import/", calendar.import_notice, name="calendar-import"),
    path("calendar/confirm/", calendar.confirm_notice, name="calendar-confirm"),
    path("agency/", register.show_register, name="register"),
    path("agency/<slug:kind>/", register.add_entry, name="register-entry"),
    path("import/", import_desk.show_import_desk, name="import"),
    path("import/lists/", import_desk.show_arrivals, name="import-lists"),
    path("import/digests.js", import_desk.send_digester, name="import-digester"),
    path("import/certain/", import_desk.accept_certain, name="import-certain"),
    path("import/clock/", import_desk.compare_clock, name="import-clock"),
    path("import/aside/<slug:sha256>/", import_desk.settle_aside, name="import-aside"),
    path("import/<slug:recording>/link/", import_desk.link, name="import-link"),
    path("import/<slug:recording>/time/", import_desk.settle_time, name="import-time"),
    path("check/", checking.check_file, name="check"),
    path("check/digest/", checking.check_digest, name="check-digest"),
    path("check/code/", checking.check_code, name="check-code"),
]
