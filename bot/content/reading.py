"""Reads one YAML file into one frozen model, and says in one line what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError


class ContentError(Exception):
    """A file under config/ is missing or wrong; the message names the file and the place in it."""


class Content(BaseModel):
    """Base of everything read from config/: frozen, and a key that nobody reads is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


ModelT = TypeVar("ModelT", bound=BaseModel)


def read_yaml(path: Path) -> Any:  # YAML has no type until a model reads it
    """The parsed document.

    :raises ContentError: the file is missing, unreadable or not YAML.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
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
