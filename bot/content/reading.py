"""Reads one YAML file into one frozen model, and says in one line what is wrong with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError


class ContentError(Exception):
    """A file under config/ is missing or wrong; the message names the file and the place in it."""


class Content(BaseModel):
    """Base of everything read from config/: frozen, and a key that nobody reads is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


_FastLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PlainLoader(_FastLoader):  # type: ignore[misc]  # the C loader where there is one: it has no type of its own
    """YAML in which `no`, `yes`, `on` and `off` are words, as a clinician who writes them means, and in which a key
    that stands twice is a mistake: the second would silently replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """As PyYAML does.

        :raises yaml.YAMLError: a key stands twice.
        """
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} stands twice", key.start_mark)
            seen.add(key.value)
        return dict(super().construct_mapping(node, deep=deep))


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in _FastLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))

ModelT = TypeVar("ModelT", bound=BaseModel)


def read_yaml(path: Path) -> Any:  # YAML has no type until a model reads it
    """The parsed document.

    :raises ContentError: the file is missing, unreadable or not YAML.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.load(file, Loader=PlainLoader)  # noqa: S506 - a safe loader
    except OSError as error:
        raise ContentError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: is not YAML: {' '.join(str(error).split())}") from error


def read_model(model: type[ModelT], path: Path) -> ModelT:
    """The file as `model`.

    :raises ContentError: the file does not fit the model; the message names the first place.
    """
    try:
        return model.model_validate(read_yaml(path), strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "top"
        raise ContentError(f"{path}: {place}: {first['msg']}") from error
