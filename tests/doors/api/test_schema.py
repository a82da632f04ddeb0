"""The API against its own description: no status it does not declare, no shape it does not describe, never a 500."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from liuhen.flows.keep_log import seal_logs
from tests.doors.api.conftest import Agency, Caller, ago

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = {
    "get_me",
    "list_cases",
    "get_case",
    "get_verdicts",
    "get_events",
    "get_approvals",
    "list_waiting_approvals",
    "record_events",
    "get_agency_events",
    "record_agency_events",
    "upload_recording",
    "get_recording",
    "get_calendar",
    "enter_notices",
    "get_checkpoint",
    "list_packs",
    "get_pack",
    "get_agency_lists",
    "publish_agency_list",
}


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep requests from closing the connection that holds the test's transaction, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _operations() -> dict[str, Any]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return {operation.definition.raw["operationId"]: operation for operation in found}


def test_every_endpoint_is_described(db: None) -> None:
    assert _operations().keys() == OPERATIONS


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_answers_are_as_described(here: Agency, calling: Callable[[str | None], Caller], name: str) -> None:
    """Anything may be asked of a real case by somebody who may do everything that officers may."""
    operation = _operations()[name]
    token = calling("here-officer").token
    seal_logs("here", ago(minutes=1))

    @settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        for uid in (case.path_parameters or {}).get("uid"), here.case:
            if uid is not None and case.path_parameters:
                case.path_parameters["uid"] = uid
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

    ask()
