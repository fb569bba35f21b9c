"""`make bench-train`: how fast moue trains, beside PyTorch on the same machine, alternating.

    pip install torch==2.15.0
    python tests/bench/train.py --fer2013 fer2013.csv --data faces --cache FOLDER [PART…]

Parts: 96 128 paper cnn memory detector gradients. Without any, all are measured, and the table is
written into train.json beside this file and into README.md. moue's side is `moue train` as it
runs, on rows of FER2013 with loading and augmentation; an epoch's images are divided by the time
that the run itself records of its training. PyTorch's side is train_torch.py. Linux and Python
3.11, which has to stay small: a child's peak resident size begins with its parent's.
"""

import argparse
import datetime
import gzip
import json
import lzma
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib

from train_table import table, write

NEEDED = "torch==2.15.0"
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PRESETS = ROOT / "src/training/presets"
NATIVE = ["--release", "--locked", "--features", "native"]

SECONDS = 20  # that PyTorch is measured in a round, and that an epoch has images for at its speed
ROUNDS = 3
CORES = 2
VALIDATED = 64  # images, which a run must have and which are not measured
# Of src/nn/emotion.rs: the two sides train the same networks.
PARAMETERS = {"moue": 4_016_108, "paper": 6_438_787, "cnn": 15_178_055}
# One head, as FER2013 alone has no votes.
MOUE = {
    "batch_size": 64,
    "frozen_blocks": 0,
    "progressive_sizes": [],
    "reading": "false",
    "reading_weight": 0.0,
}
# Name, preset, and what differs from it.
ROWS = {
    "96": ("96 px, batch 64, everything learning", "moue", {"input_size": 96, **MOUE}),
    "128": ("128 px, batch 64, everything learning", "moue", {"input_size": 128, **MOUE}),
    "paper": ("`paper`, 224 px, batch 32", "paper", {"input_size": 224, "batch_size": 32}),
    "cnn": ("`cnn`, 48 px, batch 64", "cnn", {"input_size": 48, "batch_size": 64}),
}
OF_MEMORY = "96"

# The revision that the detector's training is compared with.
BASE = "7c5358e"
PHOTOS = 450
LINE = re.compile(r"epoch (\d+)/\d+  (\w+)  (\d+)/(\d+)")

began = time.monotonic()


class Failure(Exception):
    """What went wrong and what helps."""


def say(text):
    print(f"{time.monotonic() - began:4.0f} s  {text}", flush=True)


def run(*command):
    """The lines that a program printed, each with its time, and its peak resident size in bytes."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [(time.monotonic(), line) for line in process.stdout]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        last = "".join(line for _, line in lines[-20:])
        raise Failure(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{last}")
    return lines, usage.ru_maxrss * 1024


def recipe(preset, path, **changes):
    """Writes a preset with other values of keys that it has one line of."""
    text = (PRESETS / f"{preset}.toml").read_text()
    for key, value in changes.items():
        text, found = re.subn(rf"(?m)^{key} = .*", f"{key} = {value}", text)
        if found != 1:
            raise Failure(f"{preset}.toml has {found} lines of `{key}`, expected 1")
    path.write_text(text)


def cut(fer2013, training, path):
    """The first rows of FER2013: so many to train on, and the few to validate on."""
    wanted = {"Training": training, "PublicTest": VALIDATED}
    opened = {".gz": gzip.open, ".xz": lzma.open}.get(fer2013.suffix, open)
    with opened(fer2013, "rt") as source, open(path, "w") as target:
        target.write(next(source))
        for line in source:
            usage = line.strip().rsplit(",", 1)[-1]
            if wanted.get(usage, 0) > 0:
                wanted[usage] -= 1
                target.write(line)
    return training - wanted["Training"]


def measure(part, options, folder):
    name, preset, changes = ROWS[part]
    batch = changes["batch_size"]
    path, data = folder / f"{part}.toml", folder / f"{part}.csv"
    recipe(preset, path, epochs=2, **changes)
    speeds, peaks, waiting = {"moue": [], "pytorch": []}, {"moue": [], "pytorch": []}, []
    steps, images = [], 0
    for number in range(options.rounds):
        lines, peak = run(sys.executable, HERE / "train_torch.py", path, str(options.seconds))
        torch = json.loads(lines[-1][1])
        if torch["parameters"] != PARAMETERS[preset]:
            raise Failure(f"{preset}: PyTorch's has {torch['parameters']} parameters, not {PARAMETERS[preset]}")
        steps += torch["steps"]
        speeds["pytorch"].append(batch / statistics.median(torch["steps"]))
        peaks["pytorch"].append(peak)
        if number == 0:
            images = max(round(speeds["pytorch"][0] * options.seconds / batch), 2) * batch
            images = cut(options.fer2013, images, data) // batch * batch
        out = folder / f"{part}-{number}"
        given = ["--config", path, "--data", data, "--any-size", "--plain", "--out", out]
        _, peak = run(options.moue, "train", *given)
        # The first of the two epochs warms up.
        _, epoch = json.loads((out / "history.json").read_text())
        shutil.rmtree(out)
        speeds["moue"].append(images / epoch["training_seconds"])
        peaks["moue"].append(peak)
        waiting.append(epoch["waiting_for_data"])
        told = ", ".join(f"{side} {found[-1]:.1f}" for side, found in speeds.items())
        say(f"{name}: {told} images a second, {images} an epoch (round {number + 1} of {options.rounds})")
    found = {"moue": statistics.median(speeds["moue"]), "pytorch": batch / statistics.median(steps)}
    row = {
        "part": part,
        "name": name,
        **found,
        "ratio": found["moue"] / found["pytorch"],
        "images": images,
        "waiting_for_data": statistics.median(waiting),
        "rounds": speeds,
    }
    peak = {side: max(found) for side, found in peaks.items()}
    ratio = peak["moue"] / peak["pytorch"]
    memory = {"name": name, **peak, "ratio": ratio, "pytorch_imported": torch["imported"]}
    return row, memory


def base_program(cache):
    """`moue` of the base, built once."""
    program = cache / f"moue-{BASE}"
    if program.exists():
        return program
    say(f"building {BASE}, once, for minutes")
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    with tempfile.TemporaryDirectory(dir=cache, prefix="base-") as source:
        added = subprocess.run(["git", "worktree", "add", "--force", "--detach", source, BASE], cwd=ROOT)
        if added.returncode != 0:
            raise Failure(f"{BASE} cannot be checked out. Fetch the whole history: git fetch --unshallow")
        try:
            # Into the same folder, so that what the two revisions share is not built again.
            cargo("build", *NATIVE, "--bin", "moue", source=source, target=target)
            shutil.copy(target / "release/moue", program)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", source], cwd=ROOT)
    return program


def cut_photos(data, folder):
    """A folder of photographs from all over the set, without copies of them."""
    folder.mkdir()
    labels = (data / "labels.jsonl").read_text().splitlines(keepends=True)
    (folder / "labels.jsonl").write_text("".join(labels[:: max(len(labels) // PHOTOS, 1)]))
    for entry in data.iterdir():
        if entry.name != "labels.jsonl":
            (folder / entry.name).symlink_to(entry.resolve())


def detector_speed(lines):
    """Pictures a second after the first epoch. Its runs record no times, so it is from the line
    that ends a validation to the one that ends the next training, in both revisions."""
    ends = {}
    for at, line in lines:
        found = LINE.search(line)
        if found:
            epoch, split, done, total = found.groups()
            ends[int(epoch), split] = at, int(done)
    epochs = max(epoch for epoch, _ in ends)
    trained = [(ends[epoch, "train"], ends[epoch - 1, "valid"]) for epoch in range(2, epochs + 1)]
    seconds = sum(train[0] - valid[0] for train, valid in trained)
    return sum(train[1] for train, _ in trained) / seconds


def measure_detector(options, base, folder):
    path, photos = folder / "detector.toml", folder / "photos"
    cut_photos(options.data, photos)
    sides = tomllib.loads((PRESETS / "detector.toml").read_text())["sides"]
    # One epoch of each side after the warm-up, as the whole recipe has equal parts of them.
    recipe("detector", path, sides=[sides[0], *sides], epochs=1 + len(sides))
    speeds = {"moue": [], "before": []}
    for number in range(options.rounds):
        for side, program in ("before", base), ("moue", options.moue):
            out = folder / f"detector-{side}-{number}"
            given = ["--config", path, "--data", photos, "--plain", "--out", out]
            lines, _ = run(program, "train-detector", *given)
            speeds[side].append(detector_speed(lines))
            shutil.rmtree(out)
        told = ", ".join(f"{side} {found[-1]:.1f}" for side, found in speeds.items())
        say(f"detector: {told} images a second (round {number + 1} of {options.rounds})")
    found = {side: statistics.median(rates) for side, rates in speeds.items()}
    return {**found, "ratio": found["moue"] / found["before"], "base": BASE, "rounds": speeds}


def cargo(*arguments, source=ROOT, target=None, **more):
    environment = {**os.environ, **({"CARGO_TARGET_DIR": target} if target else {})}
    return subprocess.run(["cargo", *arguments], cwd=source, env=environment, check=True, **more)


def gradients():
    """The largest relative error of our kernels' gradients, as their test prints it, or None."""
    test = ["test", *NATIVE, "--lib", "kernels_agree_with_burn", "--", "--nocapture"]
    printed = cargo(*test, stdout=subprocess.PIPE, text=True).stdout
    errors = re.findall(r"gradients: .+ (\S+)$", printed, re.MULTILINE)
    return max(map(float, errors), default=None)


def inference():
    """moue beside ONNX Runtime on one thread, as `make bench` measured it, or None."""
    path = HERE / "results.json"
    native = json.loads(path.read_text())["native"] if path.exists() else {}
    return native["threads1"]["ratio"] if "threads1" in native else None


def machine(version):
    models = re.findall(r"model name\s*: (.+)", pathlib.Path("/proc/cpuinfo").read_text())
    return {
        "cpu": models[0].strip() if models else "unknown processor",
        "cores": os.cpu_count(),
        "torch": version,
        "measured": datetime.date.today().isoformat(),
    }


def torch_version():
    """As PyPI has it, with what it was built for."""
    probe = [sys.executable, "-c", "import torch; print(torch.__version__)"]
    version = subprocess.run(probe, capture_output=True, text=True).stdout.strip()
    if f"torch=={version.partition('+')[0]}" != NEEDED:
        raise Failure(
            f"{sys.executable} has {f'torch {version}' if version else 'no torch'}, wanted {NEEDED}. Make one that "
            f"has it: python3 -m venv torch && torch/bin/pip install {NEEDED}, and name it: PYTHON=torch/bin/python"
        )
    return version


def main(options):
    parts = [*ROWS, "memory", "detector", "gradients"]
    unknown = set(options.parts) - set(parts)
    if unknown:
        raise Failure(f"there is no part {', '.join(unknown)}. The parts are {' '.join(parts)}")

    def wanted(part):
        return not options.parts or part in options.parts

    rows = [part for part in ROWS if wanted(part) or (part == OF_MEMORY and wanted("memory"))]
    results = {"machine": machine(torch_version() if rows else "not asked for"), "rows": []}
    if rows and not options.fer2013.is_file():
        raise Failure(f"{options.fer2013} is missing. Name FER2013's table: FER2013=path/to/fer2013.csv")
    base = None
    if wanted("detector"):
        if (options.data / "labels.jsonl").is_file():
            base = base_program(options.cache)
        else:
            say(f"{options.data}/labels.jsonl is missing, so the detector is left out. Name it: DATA=path/to/faces")
    # After the base's, whose program lies at the same place until it is copied.
    cargo("build", *NATIVE, "--bin", "moue")
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    options.moue = target / "release/moue"
    if wanted("gradients"):
        results["gradients"] = gradients()
        if results["gradients"] is None:
            say("no test `kernels_agree_with_burn` printed `gradients: OPERATION ERROR`: the row is left out")

    # What is measured inherits these, on a machine with more.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    artifacts = HERE / "artifacts"
    artifacts.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=artifacts, prefix="train-") as folder:
        for part in rows:
            row, memory = measure(part, options, pathlib.Path(folder))
            results["rows"].append(row)
            if part == OF_MEMORY:
                results["memory"] = memory
        if base:
            results["detector"] = measure_detector(options, base, pathlib.Path(folder))
    if not options.parts:
        results["inference"] = inference()

    print(f"\n{table(results)}\n")
    if not options.parts and (options.seconds, options.rounds) == (SECONDS, ROUNDS):
        if not write(results):
            raise Failure("train.json is written, but README.md has lost the two comments around the table")
        say("wrote tests/bench/train.json and README.md")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fer2013", type=pathlib.Path, default="fer2013.csv")
    parser.add_argument("--data", type=pathlib.Path, default="faces", help="the folder of labelled photographs")
    parser.add_argument("--cache", type=pathlib.Path, default=HERE / "artifacts", help=f"where {BASE} is built")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("parts", nargs="*")
    try:
        main(parser.parse_args())
    except (Failure, subprocess.CalledProcessError) as error:
        sys.exit(f"bench-train: {error}")
