"""A lake that another version of calltally has written, with other columns, is made anew."""

import shutil

from deltalake import DeltaTable, Field, Schema
from deltalake.schema import PrimitiveType

from tests.synced.scene import Scene


async def test_a_table_with_other_columns_is_made_anew(scene: Scene) -> None:
    address = scene.folder / "attempts"
    shutil.rmtree(address, ignore_errors=True)
    DeltaTable.create(str(address), schema=Schema([Field("call", PrimitiveType("string"))]))
    await scene.agrees()
    await scene.synchronize()
    assert "dialed_at" in {field.name for field in DeltaTable(str(address)).schema().fields}
    await scene.is_exact()
    await scene.agrees()
