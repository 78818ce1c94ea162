"""JSON Schemas of all bodies and answers, made by pydantic from their types."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import DataclassField, ModelField, TypedDictField
from typing_extensions import override

from service.openapi.operations import Mode

COMPONENT = "#/components/schemas/{model}"


class _Plain(GenerateJsonSchema):
    """Without titles that only repeat the name of a field, and with every field of an answer required."""

    @override
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    @override
    def field_is_required(self, field: ModelField | DataclassField | TypedDictField, total: bool) -> bool:
        if self.mode == "serialization" and field["type"] == "model-field":
            return True
        return super().field_is_required(field, total)


class Schemas:
    """The schemas of a set of types, and the components that they refer to."""

    def __init__(self, types: Iterable[tuple[Any, Mode]]) -> None:
        inputs: list[tuple[Any, Mode, TypeAdapter[Any]]]
        inputs = [(kind, mode, TypeAdapter(kind)) for kind, mode in dict.fromkeys(types)]
        self._schemas, definitions = TypeAdapter.json_schemas(inputs, ref_template=COMPONENT, schema_generator=_Plain)
        self.components: dict[str, Any] = {
            name: {key: value for key, value in schema.items() if key != "title"}
            for name, schema in definitions.get("$defs", {}).items()
        }

    def of(self, kind: Any, mode: Mode) -> dict[str, Any]:
        """The schema of a type, for its place in the document."""
        return deepcopy(self._schemas[kind, mode])
