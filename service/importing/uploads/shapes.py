"""The shape of an uploaded file, worked out once for each set of choices and noted beside the file."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from service.accounts.accounts import Account
from service.importing.guess.shape import DateOrder, FileShape, shape_of
from service.importing.language.options import FileOptions
from service.importing.uploads.folder import UploadFolder

# What a person may choose of the shape, instead of the guess.
SHAPE_CHOICES = ("sheet", "encoding", "delimiter", "header", "decimal", "date_order")


def usual_order(account: Account) -> DateOrder:
    """The order of day and month where a file leaves both possible: as the account's country writes dates."""
    return "month" if account.region in {"US", "PH", "PR", "GU"} else "day"


def read_shape(folder: UploadFolder, usual_order: DateOrder) -> FileShape:
    """The shape of an uploaded file by the choices so far. Raises SetupError."""
    noted = folder.read("shape")
    if noted is None:
        return choose_shape(folder, {}, usual_order)
    shape = FileShape(**(noted | {"options": FileOptions.model_validate(noted["options"])}))
    return replace(shape, head=[(line, text) for line, text in shape.head])


def choose_shape(folder: UploadFolder, choices: Mapping[str, str], usual_order: DateOrder) -> FileShape:
    """The shape of an uploaded file by these choices, which are noted. Raises SetupError."""
    shape = shape_of(folder.file, choices, usual_order)
    folder.note("shape_choices", dict(choices))
    folder.note("shape", asdict(shape) | {"options": shape.options.model_dump()})
    return shape


def current_choices(shape: FileShape) -> dict[str, str]:
    """What the shape says now for everything that a person may choose."""
    options = shape.options
    return {
        "sheet": options.sheet or "",
        "encoding": options.encoding,
        "delimiter": options.delimiter,
        "header": str(shape.header_line),
        "decimal": options.decimal,
        "date_order": shape.date_order,
    }


def changed_choices(folder: UploadFolder, shape: FileShape, fields: Mapping[str, str]) -> dict[str, str]:
    """The choices after a form: what differs from the shape, and what was chosen before.

    Another sheet is another table, so everything else is guessed anew.
    """
    current = current_choices(shape)
    earlier: dict[str, str] = folder.read("shape_choices") or {}
    chosen = {name: fields[name] for name in SHAPE_CHOICES if fields.get(name)}
    if chosen.get("sheet", current["sheet"]) != current["sheet"]:
        return {"sheet": chosen["sheet"]}
    return {name: value for name, value in chosen.items() if name in earlier or value != current[name]}
