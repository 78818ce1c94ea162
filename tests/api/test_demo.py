"""`calltally demo`, as somebody runs it: a floor through the real service, a report, and nothing left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

import httpx
import psutil
import pytest

from reports.catalogue.catalogue import catalogue
from service.sandbox.demo.home import DemoHome
from service.sandbox.live.deliveries import Deliveries, deliveries

# What a floor of two days always has; an appointment that is due, or a deal that is won, it may not have.
ALWAYS = ("attempts", "dial_efficiency", "conv_per_lead", "leads", "agent_hours", "occupancy", "undisposed_share")

pytestmark = pytest.mark.timeout(240)


@contextmanager
def demo(home: Path, *arguments: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """The command on this home, as a process of its own session."""
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "demo", *arguments],
        env=os.environ | {"CALLTALLY_HOME": str(home), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def run(home: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """The exit code, what was printed, and what was complained about."""
    with demo(home, *arguments, **settings) as process:
        printed, complained = process.communicate(timeout=200)
        return process.returncode, printed, complained


def without_waiting(complained: str) -> str:
    """What was complained about, without the lines that say what a slow machine is waiting for."""
    return re.sub(r"^Waiting for .*\n", "", complained, flags=re.MULTILINE)


def left_behind(home: Path) -> list[psutil.Process]:
    """Processes that work on this home and do not end by themselves."""
    working = [
        process
        for process in psutil.process_iter(["cmdline", "environ"])
        if str(home) in " ".join(process.info["cmdline"] or [])
        or str(home) in (process.info["environ"] or {}).get("CALLTALLY_HOME", "")
    ]
    _, staying = psutil.wait_procs(working, timeout=30)
    return staying


def floor_of(home: Path) -> Deliveries:
    """The floor that the demo of this home has sent."""
    floor = DemoHome(home / "demo").remembered()
    assert floor is not None
    return deliveries(floor.plan)


def unconfirmed(sent: Deliveries) -> set[object]:
    """The codes that were sent and that no manager configured."""
    used = {item.get("campaign") for item in sent.items["attempts"]}
    used |= {item["agent"] for item in sent.items["agent-states"]}
    used |= {item.get("code") for item in sent.items["dispositions"]}
    return used - {None} - {setting.path.rsplit("/", 1)[1] for setting in sent.settings}


def attempts_sent(sent: Deliveries) -> dict[str, bool]:
    """Every attempt the ledger could take, and whether it only tried out the line."""
    items = [item for item in sent.items["attempts"] if not str(item["external_id"]).startswith("skewed-")]
    tests = {item["external_id"] for item in items if item.get("test")}
    return {str(item["external_id"]): item["external_id"] in tests for item in items}


def receipts(printed: str) -> dict[str, list[int]]:
    """The table of receipts: created, updated, unchanged, rejected."""
    rows = re.findall(r"^ (\S+)((?: +[\d,]+){4}) *$", printed, re.MULTILINE)
    return {name: [int(count.replace(",", "")) for count in counts.split()] for name, counts in rows}


def calls_in(printed: str) -> list[tuple[str, str]]:
    """Whose row it is and how many calls it has, in both reports; for leads that wait, time goes on."""
    reports = printed[printed.index("Outbound sales by agent") :]
    return re.findall(r"^(\S+(?: \S+)?) {2,}([\d,]+) ", reports, re.MULTILINE)


def read_until_the_line_to_paste(process: "subprocess.Popen[str]") -> str:
    """What is printed until everything is."""
    lines = list[str]()
    for line in cast("IO[str]", process.stdout):
        lines.append(line)
        if line.lstrip().startswith("curl"):
            break
    return "".join(lines)


def test_the_demo_plays_a_floor_prints_its_report_serves_and_stops_at_ctrl_c(home: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        demo(home, "--days", "2", CALLTALLY_PORT=str(taken.getsockname()[1])) as process,
    ):
        printed = read_until_the_line_to_paste(process)
        pasted = re.search(r"curl -H '(Authorization): (Bearer ct_\S+)' '((http://\S+?)/v1/\S+)'", printed)
        assert pasted, printed
        headers = {pasted[1]: pasted[2]}
        table = httpx.get(pasted[3], headers=headers, timeout=30)
        to_do = httpx.get(f"{pasted[4]}/v1/to-do", headers=headers, timeout=30)
        [link] = re.findall(r"^  (http://\S+/sign-in/\S+)$", printed, re.MULTILINE)
        with httpx.Client(follow_redirects=True, timeout=30) as browser:
            overview, menu = browser.get(link), browser.get(f"{pasted[4]}/settings/users")
        question = {"metrics": ",".join(catalogue()), "by": "agent,source"}
        everything = httpx.get(f"{pasted[4]}/v1/reports", params=question, headers=headers, timeout=60)
        os.killpg(process.pid, signal.SIGINT)
        rest, complained = process.communicate(timeout=60)
        assert (process.returncode, without_waiting(complained)) == (0, "")
    assert "To open it again: calltally demo --keep" in rest
    assert left_behind(home) == []
    assert (overview.url.path, overview.status_code, "Demo Owner" in menu.text) == ("/overview", 200, True)
    assert overview.history[0].status_code == 303
    assert (table.status_code, to_do.status_code, everything.status_code) == (200, 200, 200)
    assert everything.json()["zone"] == "America/New_York"  # pages show the days that the printed reports show
    assert printed.count("(America/New_York)") == 2
    total = everything.json()["total"]
    assert {name.removesuffix("_linear").removesuffix("_lead_creation") for name in total} == set(catalogue())
    assert all(total[name]["value"] is not None for name in ALWAYS)
    assert re.search(r"^group,thames,heatpump-gb,", table.text, re.MULTILINE)
    sent = floor_of(home)
    assert {code["code"] for code in to_do.json()["unconfirmed"]} == unconfirmed(sent)
    assert {"temp-14", "battery-winback"} <= unconfirmed(sent) <= {"temp-14", "battery-winback", "TOO-DEAR"}
    attempts = attempts_sent(sent)
    counted = sum(not test for test in attempts.values())
    assert str(home / "demo") in printed
    assert "12 rejected, as planned" in printed
    for what in ("Outbound sales by agent", "Outbound sales by source", "h-okafor", "temp-14", "referral"):
        assert what in printed
    assert len(re.findall(rf"^total +{counted:,} ", printed, re.MULTILINE)) == 2

    code, again, complained = run(home, "--once", "--keep")
    assert (code, without_waiting(complained)) == (0, "")
    every = sum(map(len, sent.items.values()))
    assert receipts(again)["all"] == [0, 0, every - 12, 12]
    assert calls_in(again) == calls_in(printed)
    assert len(calls_in(again)) > 15
    assert left_behind(home) == []


def test_a_service_that_dies_shows_the_end_of_its_log_and_takes_the_ledger_with_it(home: Path) -> None:
    with demo(home, "--once", "--days", "1") as process:
        os.kill(number_of_the_service(home), signal.SIGKILL)
        _, complained = process.communicate(timeout=60)
        assert process.returncode == 2
    assert re.match(
        r"calltally: The service (did not start|stopped answering)\. It ended with exit code -9\.\n",
        without_waiting(complained),
    )
    assert f"The end of the service's log, {home / 'demo' / 'service.log'}:" in complained
    assert "Traceback" not in complained
    assert left_behind(home) == []


def number_of_the_service(home: Path) -> int:
    """The process of the service, as soon as there is one."""
    for _ in range(600):
        with suppress(FileNotFoundError, ValueError):
            return int((home / "demo" / "service.pid").read_text())
        time.sleep(0.05)
    raise TimeoutError


def test_a_folder_that_is_no_demos_is_left_alone(home: Path) -> None:
    (home / "demo").mkdir(parents=True)
    (home / "demo" / "letters.txt").write_text("dear")
    code, printed, complained = run(home, "--once")
    assert (code, printed) == (2, "")
    assert "was not made by calltally demo" in complained
    assert (home / "demo" / "letters.txt").read_text() == "dear"


def test_a_port_that_was_asked_for_and_is_taken_is_refused(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, complained = run(home, "--once", "--port", str(taken.getsockname()[1]))
    assert code == 2
    assert "choose another port with --port" in complained
    assert not (home / "demo").exists()


def test_keep_refuses_another_floor_than_the_one_it_keeps(home: Path) -> None:
    (home / "demo").mkdir(parents=True)
    (home / "demo" / "floor.json").write_text('{"seed": 5, "until": "2026-03-12T19:40:00+00:00", "days": 2}')
    code, _, complained = run(home, "--once", "--keep", "--seed", "6")
    assert code == 2
    assert "seed 5 and 2 working days" in complained
