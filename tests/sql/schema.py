"""The schema of a fresh ledger as PostgreSQL itself writes it down: `make schema` renews sql/schema.sql from it."""

import asyncio
import re
import subprocess
import tempfile
from pathlib import Path

from service.platform.embedded_server import running_ledger
from service.platform.system_user import installed_programs
from sql import FOLDER
from sql.migrate import migrate

FILE = FOLDER / "schema.sql"
NOISE = re.compile(r"--|SET |SELECT pg_catalog\.set_config|\\")


def dump(url: str) -> str:
    """The schema of a database, without what differs from run to run and from server to server."""
    command = [installed_programs() / "pg_dump", "--schema-only", "--no-owner", url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    stored = "\n".join(line for line in text.splitlines() if not NOISE.match(line))
    return re.sub(r"\n{3,}", "\n\n", stored).strip() + "\n"


def main() -> None:
    """Write down the schema that the migrations make."""
    with tempfile.TemporaryDirectory(prefix="calltally-schema-") as folder:
        Path(folder).chmod(0o755)
        with running_ledger(Path(folder) / "home", extra={"fsync": "off"}) as url:
            asyncio.run(migrate(url))
            FILE.write_text(dump(url))


if __name__ == "__main__":
    main()
