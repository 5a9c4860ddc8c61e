#!/usr/bin/env python3
"""Compares our programs with what a user could run instead: in each round ours, then the peer,
each a process of its own; medians and ratios as Markdown tables, and all figures as JSON."""
import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pinned
from measure import fail
from ours import Failed, Ours, run
from pinned import FOLDER, ROOT
from report import markdown
from rows import DEBIAN, TCMALLOC, all_rows

HERE = Path(__file__).resolve().parent


def parsed():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", action="append", metavar="TEXT",
                        help="rows whose name holds this (see --list); may be repeated")
    parser.add_argument("--list", action="store_true", help="names of the rows, no run")
    parser.add_argument("--programs", type=Path, default=ROOT / "build" / "release" / "bin",
                        help="folder of distillar, bench-waffleiron, bench-teachers")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=int, default=600, help="seconds of one process")
    parser.add_argument("--json", type=Path, default=FOLDER / "peers.json")
    parser.add_argument("--no-setup", action="store_true", help="install nothing")
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.threads < 1:
        fail("--rounds and --threads must be at least 1")
    return arguments


def selected(only):
    rows = [row for row in all_rows() if not only or any(text in row.name for text in only)]
    if not rows:
        fail(f"no row holds {' or '.join(only)}; --list shows them")
    return rows


def environment_of(row):
    environment = {**os.environ, "DISTILLAR_PEERS": str(FOLDER)}
    environment["TORCHINDUCTOR_CACHE_DIR"] = str(FOLDER / "inductor")
    if row.tcmalloc:
        environment["LD_PRELOAD"] = TCMALLOC
    return environment


def command_of(row, *more):
    python = "/usr/bin/python3" if row.python == DEBIAN else FOLDER / "venv" / "bin" / "python"
    script, *words = row.command
    return [python, HERE / script, *words, *more]


def run_peer(row, arguments):
    words = ["--passes", str(row.passes)]
    if row.task != "preprocess":
        words += ["--threads", str(arguments.threads)]
    output = run(command_of(row, *words), arguments.timeout, environment_of(row))
    result = json.loads(output.splitlines()[-1])
    return {**result, "seconds": median(result["seconds"])}


def run_ours(ours, row, variant):
    measure = {"network": ours.network, "training": ours.training,
               "preprocess": ours.preprocess, "teacher": ours.teacher}[row.task]
    return measure(variant)


def prepare(arguments, rows):
    """Packages, the pinned case, and OpenVINO's graphs; then a row's process only measures."""
    if not arguments.no_setup and subprocess.run([HERE / "setup.sh"]).returncode != 0:
        sys.exit(2)
    environment = environment_of(rows[0]) | {"LD_PRELOAD": ""}
    python = FOLDER / "venv" / "bin" / "python"
    try:
        if not pinned.CASE.exists():
            run([python, HERE / "make_case.py"], arguments.timeout, environment)
    except Failed as failed:
        fail(f"the pinned case cannot be made: {failed}")
    failures = {}
    for row in rows:
        if row.command[0] == "run_openvino.py":
            print(f"graph of {row.name}", file=sys.stderr)
            try:
                run(command_of(row, "--prepare"), arguments.timeout, environment)
            except Failed as failed:
                failures[row.name] = str(failed)
    return failures


def one_round(row, ours, arguments, entry):
    """Ours in every variant, then the peer; what fails once is not run again."""
    results = {}
    for variant in row.ours:
        if variant in entry["ours_failed"]:
            continue
        try:
            results[variant] = run_ours(ours, row, variant)
        except Failed as failed:
            entry["ours_failed"][variant] = str(failed)
    try:
        entry["rounds"].append({"peer": run_peer(row, arguments), "ours": results})
    except Failed as failed:
        entry["failed"] = str(failed)


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def machine(measured, arguments):
    versions = {}
    for row, entry in measured:
        for one in entry["rounds"]:
            for name, version in one["peer"].get("versions", {}).items():
                versions.setdefault(f"{row.python} {name}", version)
    return {"cpu": processor(), "threads": arguments.threads, "rounds": arguments.rounds,
            "load": os.getloadavg()[0], "versions": versions}


def write_figures(measured, arguments):
    """After every round, so that a run that is stopped has its earlier rounds."""
    facts = machine(measured, arguments)
    table = [{"name": row.name, **entry} for row, entry in measured]
    arguments.json.write_text(json.dumps({**facts, "rows": table}, indent=1) + "\n")
    return facts


def main():
    arguments = parsed()
    rows = selected(arguments.only)
    if arguments.list:
        print("\n".join(row.name for row in rows))
        return
    ours = Ours(arguments.programs, pinned.scan_file(), pinned.POINTS, arguments.threads, rounds=3)
    failures = prepare(arguments, rows)
    measured = [(row, {"rounds": [], "failed": failures.get(row.name), "ours_failed": {}})
                for row in rows]
    start = time.monotonic()
    for index in range(arguments.rounds):
        for row, entry in measured:
            if entry["failed"] is None:
                print(f"{time.monotonic() - start:5.0f} s, round {index + 1}: {row.name}",
                      file=sys.stderr)
                one_round(row, ours, arguments, entry)
        facts = write_figures(measured, arguments)
    names = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    print(f"{facts['cpu']}, {facts['threads']} threads; {names}; medians of "
          f"{facts['rounds']} round(s)\n\n{markdown(measured)}")


if __name__ == "__main__":
    main()
