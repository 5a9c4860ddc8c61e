"""Runs our programs and reads what they report: the only place that knows their output. Each
function gives {"seconds", "peak_mb"} and may raise Failed."""
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

POINTS_TOLERANCE = 0.01  # the scan is aligned first, which moves a few voxel borders


class Failed(Exception):
    """Why there is no figure, in a few words."""


@dataclass
class Ours:
    programs: Path  # folder of distillar, bench-waffleiron, bench-teachers
    scan: Path
    points: int
    threads: int
    rounds: int

    def network(self, precision):
        case = self._case(precision)
        return {
            "seconds": case["stages"]["network"]["p50"],
            "peak_mb": (case.get("peak_memory_bytes") or 0) / 1e6 or None,
        }

    def preprocess(self, precision):
        stages = self._case(precision)["stages"]
        seconds = stages["preprocess"]["p50"] + stages["project"]["p50"]
        return {"seconds": seconds, "peak_mb": None}

    def training(self, activations):
        number = {"stored": 0, "recomputed": 1}[activations]
        return self._benchmark("bench-waffleiron", f"pinned_train_step/{number}")

    def teacher(self, name):
        """name: dinov2 or espnetv2, then the precision, as in dinov2/bf16."""
        network, precision = name.split("/")
        return self._benchmark("bench-teachers", network, precision == "bf16")

    def _case(self, precision):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "bench.json"
            run(
                [self.programs / "distillar", "bench", self.scan, "--precision", precision,
                 "--threads", str(self.threads), "--rounds", str(self.rounds), "--json", file]
            )
            case = json.loads(file.read_text())["cases"][0]
        if abs(case["points"] - self.points) > POINTS_TOLERANCE * self.points:
            raise Failed(f"{case['points']} points reach the network, not {self.points}")
        return case

    def _benchmark(self, program, pattern, bf16=False):
        """The fastest that matches, of those with or without bf16 in their name or label."""
        output = run(
            [self.programs / program, "--benchmark_format=json", f"--benchmark_filter={pattern}"]
        )
        found = json.loads(output)["benchmarks"] if output.strip() else []
        found = [
            entry for entry in found
            if ("bf16" in entry["name"] + entry.get("label", "")) == bf16
        ]
        if not found:
            raise Failed(f"{program}: no benchmark {pattern}" + (" in bf16" if bf16 else ""))
        best = min(found, key=lambda entry: entry["real_time"])
        unit = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[best["time_unit"]]
        memory = best.get("process_MB", best.get("peak_MB"))
        return {
            "seconds": best["real_time"] * unit,
            "peak_mb": memory and memory * 1.048576,  # counted in 2^20 bytes
        }


def run(command, timeout=900, environment=None):
    """stdout of a program."""
    try:
        result = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, timeout=timeout,
            env=environment,
        )
    except FileNotFoundError:
        raise Failed(f"{command[0]} is not built") from None
    except subprocess.TimeoutExpired:
        raise Failed(f"longer than {timeout} s") from None
    if result.returncode != 0:
        lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
        raise Failed(lines[-1][:120] if lines else f"exit code {result.returncode}")
    return result.stdout
