"""OpenAPI tells of the form, of every answer and of every problem."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.errors import ErrorCode

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def openapi(client: TestClient) -> dict[str, Any]:
    """The description that `/docs` shows."""
    described: dict[str, Any] = client.get("/openapi.json").json()
    return described


def documented_codes(operation: dict[str, Any]) -> dict[str, int]:
    """Status by code of every documented problem of an operation."""
    return {
        code: int(status)
        for status, answer in operation["responses"].items()
        for code in answer.get("content", {}).get(PROBLEM, {}).get("examples", {})
    }


def test_an_analysis_documents_every_problem_but_none_of_another_kind(
    openapi: dict[str, Any], client: TestClient
) -> None:
    found = documented_codes(openapi["paths"]["/v1/analyses"]["post"])
    listed = client.get("/v1/errors").json()["errors"]
    assert found == {error["code"]: error["status"] for error in listed}


def test_every_operation_under_v1_documents_the_missing_key(openapi: dict[str, Any]) -> None:
    for path, operations in openapi["paths"].items():
        if path.startswith("/v1/"):
            for operation in operations.values():
                assert documented_codes(operation)[ErrorCode.UNAUTHORISED] == 401, path


def test_no_operation_documents_the_framework_s_own_error(openapi: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in openapi["components"]["schemas"]


def test_the_schema_that_problems_refer_to_exists(openapi: dict[str, Any]) -> None:
    properties = openapi["components"]["schemas"]["Problem"]["properties"]
    assert set(properties) == {"type", "title", "status", "detail", "code", "params"}


def test_the_errors_of_regions_say_what_amount_they_are_of(openapi: dict[str, Any]) -> None:
    described = openapi["components"]["schemas"]["AttributeOut"]
    errors = described["properties"]["region_errors"]
    assert "region_errors" in described["required"]
    assert {choice.get("type") for choice in errors["anyOf"]} == {"object", "null"}
    assert errors["anyOf"][0]["additionalProperties"] == {"type": "number", "exclusiveMinimum": 0}
    assert "`regions` times the mean of all pixels of `heatmap`" in errors["description"]


def test_the_form_has_its_fields_and_the_query_its_words(openapi: dict[str, Any]) -> None:
    operation = openapi["paths"]["/v1/analyses"]["post"]
    form = operation["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["required"] == ["photo"]
    assert form["properties"]["photo"] == {"type": "string", "format": "binary"}
    assert {parameter["name"] for parameter in operation["parameters"]} == {
        "cam",
        "target",
        "mirror",
        "gate",
        "framing",
    }
    assert form["properties"]["framing"]["$ref"].endswith("/Framing")
    assert openapi["components"]["schemas"]["CamMethod"]["enum"] == [
        "gradcam",
        "gradcam++",
        "hirescam",
        "layercam",
        "eigencam",
        "scorecam",
    ]
