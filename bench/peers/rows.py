"""The peers that compare.py runs, and against what of ours."""
from dataclasses import dataclass

TCMALLOC = "/usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4"
DEBIAN, NEWEST = "Debian's", "newest"


@dataclass(frozen=True)
class Row:
    task: str  # network, training, preprocess, teacher
    peer: str  # what it is, for the table
    precision: str
    ours: tuple  # variants of ours that it is compared with
    python: str  # DEBIAN or NEWEST
    command: tuple
    passes: int = 3
    tcmalloc: bool = False

    @property
    def name(self):
        allocator = ", tcmalloc" if self.tcmalloc else ""
        return f"{self.task}, {self.precision}: {self.peer}{allocator}"


def pytorch(task, peer, form, precision, ours, tcmalloc=True, compiled=False, python=NEWEST,
            passes=3):
    script = "training_step.py" if task == "training" else "run_torch.py"
    command = [script, form]
    if task != "training":
        command += ["--precision", precision]
    if compiled:
        command.append("--compile")
    peer = f"{peer}, {python} PyTorch" + (" compiled" if compiled else "")
    return Row(task, peer, precision, ours, python, tuple(command), passes, tcmalloc)


def openvino(task, peer, form, precision, ours):
    command = ("run_openvino.py", form, "--precision", precision)
    return Row(task, f"{peer}, OpenVINO", precision, ours, NEWEST, command)


def network_rows():
    every = ("fp32", "bf16", "int8")
    for python in (DEBIAN, NEWEST):
        for tcmalloc in (False, True):
            yield pytorch("network", "published", "published", "fp32", every, tcmalloc,
                          python=python, passes=1)
    yield pytorch("network", "rewritten, dense planes", "dense", "fp32", ("fp32",), False)
    yield pytorch("network", "published", "published", "bf16", ("bf16",), passes=1)
    for precision in ("fp32", "bf16"):
        same = (precision,)
        yield pytorch("network", "published (scatter)", "scatter", precision, same, compiled=True)
        for form in ("dense", "sparse"):
            peer = f"rewritten, {form} planes"
            for compiled in (False, True):
                yield pytorch("network", peer, form, precision, same, compiled=compiled)
    for precision in every:
        yield openvino("network", "published (scatter)", "scatter", precision, (precision,))
        for form in ("dense", "sparse"):
            yield openvino("network", f"rewritten, {form} planes", form, precision, (precision,))


def training_rows():
    for tcmalloc in (False, True):
        yield pytorch("training", "published", "published", "fp32", ("stored", "recomputed"),
                      tcmalloc, python=DEBIAN, passes=1)
    for form in ("dense", "sparse"):
        for compiled in (False, True):
            yield pytorch("training", f"rewritten, {form} planes", form, "fp32",
                          ("stored", "recomputed"), compiled=compiled, passes=2)


def preprocess_rows():
    for python in (DEBIAN, NEWEST):
        yield Row("preprocess", f"numpy and scipy, {python}", "fp32", ("bf16",), python,
                  ("preprocess.py",), passes=9)


def teacher_rows():
    for teacher in ("dinov2", "espnetv2"):
        for precision in ("fp32", "bf16"):
            ours = (f"{teacher}/{precision}",)
            for compiled in (False, True):
                yield pytorch("teacher", teacher, teacher, precision, ours, compiled=compiled,
                              passes=9)
            yield openvino("teacher", teacher, teacher, precision, ours)


def all_rows():
    return [*network_rows(), *training_rows(), *preprocess_rows(), *teacher_rows()]
