"""Medians of all rounds as Markdown tables, one a task."""
from statistics import median


def middle(results, key):
    values = [result[key] for result in results if result.get(key) is not None]
    return median(values) if values else None


def seconds_text(value):
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def or_dash(value, form="{:.0f}"):
    return "-" if value is None else form.format(value)


def against(measured, variant):
    """Seconds of ours and the median ratio over the rounds in which both were measured."""
    pairs = [entry for entry in measured["rounds"] if variant in entry["ours"]]
    if not pairs:
        reason = measured["ours_failed"].get(variant, "not run")
        return f"{variant} {reason}"
    ours = median(entry["ours"][variant]["seconds"] for entry in pairs)
    ratio = median(
        entry["peer"]["seconds"] / entry["ours"][variant]["seconds"] for entry in pairs
    )
    return f"{variant} {seconds_text(ours)}: **{ratio:.1f}x**"


def line_of(row, measured):
    ours = "; ".join(against(measured, variant) for variant in row.ours)
    results = [entry["peer"] for entry in measured["rounds"]]
    allocator = ", tcmalloc" if row.tcmalloc else ""
    cells = [f"{row.peer}{allocator}", row.precision]
    if not results:
        return cells + [f"fails: {measured['failed']}", "-", "-", "-"]
    labels = middle(results, "labels")
    return cells + [
        seconds_text(middle(results, "seconds")),
        or_dash(middle(results, "peak_mb")),
        or_dash(labels and 100 * labels, "{:.1f} %"),
        ours,
    ]


def ours_lines(measured):
    """(task, variant) -> seconds and memory of ours over all rows of the run."""
    found = {}
    for row, entry in measured:
        for one_round in entry["rounds"]:
            for variant, result in one_round["ours"].items():
                found.setdefault((row.task, variant), []).append(result)
    return found


def markdown(measured):
    """measured: (row, {"rounds": [{"peer", "ours"}], "failed", "ours_failed"}) of each row."""
    lines = []
    for task in dict.fromkeys(row.task for row, _ in measured):
        lines += [f"### {task}", "",
                  "| what | precision | seconds | peak MB | labels kept | ours, seconds: ratio |",
                  "|---|---|---|---|---|---|"]
        for (one, variant), results in ours_lines(measured).items():
            if one == task:
                lines.append(
                    f"| **ours** | {variant} | {seconds_text(middle(results, 'seconds'))} "
                    f"| {or_dash(middle(results, 'peak_mb'))} | | |"
                )
        lines += [
            "| " + " | ".join(line_of(row, entry)) + " |" for row, entry in measured
            if row.task == task
        ]
        lines.append("")
    return "\n".join(lines)
