"""The service described in OpenAPI 3.1, for /openapi.json."""

from collections.abc import Mapping
from typing import Any

from checks.process import version
from sentiment.service.requests import FORM, JSON, Bounds

Schema = dict[str, Any]


def document(bounds: Bounds, told: Mapping[str, Any]) -> Schema:
    """The document. `told` is what /health says."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"hardmax sentiment: {told['model']['name']}",
            "version": version(),
            "description": "Predictions of a classifier and exact explanations of them. "
            "No text is kept.",
        },
        "paths": {
            "/predict": {"post": _asking("Labels and probabilities", "Prediction", "predictions")},
            "/explain": {"post": _asking("Exact explanations", "Explanation", "explanations")},
            "/explain/page": {"post": _page()},
            "/health": {"get": _getting("Which model answers", JSON, _ref("Health"))},
            "/openapi.json": {"get": _getting("This description", JSON, {"type": "object"})},
            "/": {"get": _getting("A form for people", "text/html", {"type": "string"})},
        },
        "components": {"schemas": _schemas(bounds, [str(label) for label in told["labels"]])},
    }


def _schemas(bounds: Bounds, labels: list[str]) -> dict[str, Schema]:
    text = {"type": "string", "minLength": 1, "maxLength": bounds.characters}
    number = {"type": "number", "minimum": 0, "maximum": 1}
    label = {"type": ["string", "number", "boolean"]}
    reason = {"type": ["string", "null"]}
    return {
        "Text": _object({"text": text}),
        "Texts": _object(
            {"texts": {"type": "array", "items": text, "minItems": 1, "maxItems": bounds.texts}}
        ),
        "Prediction": _object(
            {
                "label": label,
                "probabilities": _object(dict.fromkeys(labels, number)),
                "cannot_tell": reason,
                "cautions": {"type": "array", "items": {"type": "string"}},
            }
        ),
        "Explanation": {
            "type": "object",
            "description": "As `hardmax sentiment explain --json` prints it, without what "
            "deletions would do: exact numbers as text, decimals beside them.",
            "properties": {
                "text": {"type": "string"},
                "prediction": label,
                "probability": number,
                "logit": {"type": "string"},
                "cannot_tell": reason,
                "cautions": {"type": "array", "items": {"type": "string"}},
                "unknown": {"type": "array", "items": {"type": "string"}},
                "leaders": {"type": "array", "items": {"type": "object"}},
            },
            "required": ["text", "prediction", "probability", "logit", "unknown", "leaders"],
        },
        "Health": {
            "type": "object",
            "properties": {
                "status": {"const": "ok"},
                "model": _object(
                    {
                        "name": {"type": "string"},
                        "digest": {"type": "string"},
                        "corpus": {"type": ["string", "null"]},
                        "texts": {"type": ["integer", "null"]},
                        "hardmax": {"type": "string"},
                    }
                ),
                "labels": {"type": "array", "items": label},
                "trained_on": {"type": ["object", "null"]},
            },
            "required": ["status", "model", "labels", "trained_on"],
        },
        "Error": _object({"error": {"type": "string"}}),
    }


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(media: str, schema: Schema) -> Schema:
    return {media: {"schema": schema}}


def _answers(media: str, schema: Schema, summary: str) -> Schema:
    errors = {
        "400": "The body cannot be read",
        "413": "More than is taken",
        "415": "Another media type",
        "422": "No text that can be answered",
        "503": "Too busy, or out of time",
    }
    told = {status: {"description": words, "content": _content(JSON, _ref("Error"))}
            for status, words in errors.items()}  # fmt: skip
    return {"200": {"description": summary, "content": _content(media, schema)}} | told


def _asking(summary: str, item: str, key: str) -> Schema:
    several = _object({key: {"type": "array", "items": _ref(item)}})
    return {
        "summary": f"{summary} of one text or a list",
        "requestBody": {
            "required": True,
            "content": _content(JSON, {"oneOf": [_ref("Text"), _ref("Texts")]}),
        },
        "responses": _answers(JSON, {"oneOf": [_ref(item), several]}, summary),
    }


def _page() -> Schema:
    return {
        "summary": "The explanation of one text as a page",
        "requestBody": {
            "required": True,
            "content": _content(JSON, _ref("Text")) | _content(FORM, _ref("Text")),
        },
        "responses": _answers("text/html", {"type": "string"}, "The page"),
    }


def _getting(summary: str, media: str, schema: Schema) -> Schema:
    answer = {"description": summary, "content": _content(media, schema)}
    return {"summary": summary, "responses": {"200": answer}}
