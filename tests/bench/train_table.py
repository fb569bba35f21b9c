"""What train.py measured, beside the bars and aims that it is held to: a table, and its files."""

import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
README = HERE.parents[1] / "README.md"
BEGIN, END = "<!-- make bench-train writes this -->\n", "<!-- make bench-train ends here -->"

# Of each part, the bar and the aim: of speeds no less, of the others no more. Inference was at 0.844
# before training had kernels of its own.
MORE = {"96": (1, 2), "128": (1, 1.8), "paper": (1, 1.5), "cnn": (0.8, 1.2), "detector": (3, 5)}
LESS = {"memory": (1, 0.6), "gradients": (1e-4, None), "inference": (0.845, 0.7)}
HEAD = ["", "moue", "PyTorch", "ratio", "bar", "aim", ""]


def speed(value):
    return f"{value:.{0 if value >= 100 else 1}f} images/s"


def size(value):
    return f"{value / 1e6:.0f} MB"


def shown(value):
    return f"{value:.2f}" if value >= 0.01 else f"{value:.0e}"


def rows(results):
    """Part, label, moue's figure, the other's, and what is held to the bar."""
    for row in results["rows"]:
        yield row["part"], row["name"], speed(row["moue"]), speed(row["pytorch"]), row["ratio"]
    if found := results.get("memory"):
        theirs = f"{size(found['pytorch'])}, of which {size(found['pytorch_imported'])} once imported"
        yield "memory", f"peak memory, {found['name']}", size(found["moue"]), theirs, found["ratio"]
    if found := results.get("detector"):
        before = f"{speed(found['before'])}, moue at {found['base']}"
        yield "detector", "face detector", speed(found["moue"]), before, found["ratio"]
    if (error := results.get("gradients")) is not None:
        yield "gradients", "relative error of gradients to burn's", "", "", error
    if (ratio := results.get("inference")) is not None:
        yield "inference", "inference, 1 thread, to ONNX Runtime (`make bench`)", "", "", ratio


def verdict(part, value):
    """Bar, aim, and which of the two is met."""
    less = part in LESS
    bar, aim = LESS[part] if less else MORE[part]
    met = [limit is not None and (value <= limit if less else value >= limit) for limit in (bar, aim)]
    limits = ["" if limit is None else f"{'≤' if less else '≥'} {shown(limit)}" for limit in (bar, aim)]
    return [*limits, "aim met" if met[1] else "bar met" if met[0] else "MISSED"]


def table(results):
    """The rows as Markdown, below a line on the machine."""
    lines = [HEAD, ["---"] * len(HEAD)]
    for part, *texts, value in rows(results):
        lines.append([*texts, shown(value), *verdict(part, value)])
    about = "{measured}: {cpu}, {cores} cores; PyTorch {torch}.".format(**results["machine"])
    return "\n".join([about, "", *(f"| {' | '.join(cells)} |" for cells in lines)])


def write(results):
    """Writes train.json and the README's table; False where the README has no place for it."""
    (HERE / "train.json").write_text(json.dumps(results, indent=2) + "\n")
    before, begin, rest = README.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if end:
        README.write_text(f"{before}{begin}{table(results)}\n{end}{after}")
    return bool(end)
