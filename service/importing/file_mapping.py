"""The mapping of one file: of a mapping file, or of the names of its columns, completed by what the file shows."""

from dataclasses import replace
from pathlib import Path

from service.importing.language.mapping import FileMapping, read_mapping
from service.importing.language.options import FileOptions
from service.importing.language.own_names import mapping_by_names, own_names
from service.importing.reading.found_format import found_format, with_file_format, with_whole_ids
from service.importing.reading.open_file import column_names, first_cells


def mapping_of_file(
    path: Path, what: str, mapping_path: Path | None = None, sheet: str | None = None, zone: str | None = None
) -> FileMapping:
    """The mapping of a file, completed by what the file shows of its own format. Raises SetupError.

    what: the kind of its rows. mapping_path: None if its columns have the names of the fields. zone: of times without
    one, instead of the mapping's.
    """
    if mapping_path is None:
        options, notes = found_format(FileOptions.model_validate({}), path, list(own_names(what)), sheet)
        mapping = mapping_by_names(what, path, column_names(path, options), options, zone)
        mapping = replace(mapping, notes=(*notes, *mapping.notes))
    else:
        mapping = with_file_format(read_mapping(mapping_path, what, zone), path, sheet)
    return with_whole_ids(mapping, first_cells(path, mapping)) if mapping.file.format == "csv" else mapping
