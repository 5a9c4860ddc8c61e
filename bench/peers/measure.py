"""What every measured process does: warm up, time some passes, print one line of JSON."""
import json
import sys
import time
from statistics import median


def times_of(step, passes):
    """seconds: wall time of each of `passes` calls after one that does not count; cpu_seconds:
    their median processor time, all threads together."""
    step()
    wall, cpu = [], []
    for _ in range(passes):
        start = time.perf_counter(), time.process_time()
        step()
        wall.append(time.perf_counter() - start[0])
        cpu.append(time.process_time() - start[1])
    return {"seconds": wall, "cpu_seconds": median(cpu)}


def peak_memory_mb():
    """The largest resident size of this process so far, in units of 10^6 bytes."""
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return None


def report(**fields):
    print(json.dumps({**fields, "peak_mb": peak_memory_mb()}))


def fail(message):
    """One line on stderr, exit 2: something is missing that the caller can provide."""
    print(f"peers: {message}", file=sys.stderr)
    sys.exit(2)
