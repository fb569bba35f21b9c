"""A yardstick for the face detector: YuNet, through ONNX Runtime.

    pip install onnxruntime numpy pillow
    python tests/detectors/yunet.py face_detection_yunet.onnx FOLDER yunet.jsonl

Searches the photographs of FOLDER (labels.jsonl, with the photographs as files or in .tar files)
and writes what `moue evaluate-detector --detections YuNet=yunet.jsonl` reads. Nothing of moue runs
here. The model is the one of https://github.com/ShiqiYu/libfacedetection.train with a free input
size (inputs and outputs with a `dynamic` height and width).
"""

import argparse
import io
import json
import pathlib
import tarfile
import time

import numpy as np
import onnxruntime
from PIL import Image

HELD_OUT = "bolly,caltech,caltech_faces,humanseg"
STRIDES = (8, 16, 32)
DIVISOR = 32  # the sides of what the network sees are multiples of it
LOWEST_SCORE = 0.02  # weaker than it is used with, so that there is a curve
SHIPPED_SCORE = 0.6
SAME_FACE = 0.3  # intersection over union from which two boxes are one face
WORDS_OF_THE_TEACHER = (
    "its boxes and points, at three scales, are the labels measured against: a teacher and an upper "
    "bound, no competitor"
)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path, help="the ONNX file")
    parser.add_argument("folder", type=pathlib.Path, help="labels.jsonl and photographs")
    parser.add_argument("out", type=pathlib.Path, help="the file of JSON lines to write")
    parser.add_argument("--sources", default=HELD_OUT, help="names with commas, or all")
    parser.add_argument(
        "--scales", default="1", help="sizes to search at, with commas, as in 1,2; one by default"
    )
    parser.add_argument(
        "--remark", default=WORDS_OF_THE_TEACHER, help="what the table says of the figures"
    )
    parser.add_argument("--threads", type=int, default=1, help="one by default, as in a browser")
    return parser.parse_args()


def photographs(folder, sources):
    """Name and bytes of each photograph of the sources."""
    lines = (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    labels = [json.loads(line) for line in lines if line.strip()]
    if sources != "all":
        named = set(sources.split(","))
        labels = [label for label in labels if label["source"] in named]
    if not labels:
        raise SystemExit(f"{folder}: no photographs of the sources {sources}; name others")
    waiting = {label["file"] for label in labels}
    for name in sorted(waiting):
        if (folder / name).is_file():
            waiting.remove(name)
            yield name, (folder / name).read_bytes()
    for path in sorted(folder.glob("*.tar")):
        with tarfile.open(path) as archive:
            for entry in archive:
                name = entry.name.removeprefix("./")
                if name in waiting and entry.isfile():
                    waiting.remove(name)
                    yield name, archive.extractfile(entry).read()
    if waiting:
        raise SystemExit(f"{folder}: {len(waiting)} photographs are missing, {min(waiting)} first")


def detect_at(session, picture, scale):
    """Boxes (left, top, right, bottom), scores and points, in pixels of the photograph."""
    if scale != 1:
        size = [max(1, round(side * scale)) for side in picture.size]
        picture = picture.resize(size, Image.BILINEAR)
    pixels = np.asarray(picture, np.float32)[..., ::-1]  # blue, green, red, 0 to 255
    height, width = (-(-side // DIVISOR) * DIVISOR for side in pixels.shape[:2])
    padded = np.zeros((height, width, 3), np.float32)
    padded[: pixels.shape[0], : pixels.shape[1]] = pixels
    names = [output.name for output in session.get_outputs()]
    values = session.run(names, {session.get_inputs()[0].name: padded.transpose(2, 0, 1)[None]})
    outputs = {name: value[0] for name, value in zip(names, values)}
    boxes, scores, points = [], [], []
    for stride in STRIDES:
        rows, columns = np.divmod(np.arange(height * width // stride**2), width // stride)
        corner = np.stack([columns, rows], axis=1)
        classified = np.clip(outputs[f"cls_{stride}"][:, 0], 0, 1)
        score = np.sqrt(classified * np.clip(outputs[f"obj_{stride}"][:, 0], 0, 1))
        box = outputs[f"bbox_{stride}"]
        centre = (corner + box[:, :2]) * stride
        half = np.exp(box[:, 2:]) * stride / 2
        point = outputs[f"kps_{stride}"].reshape(-1, 5, 2)
        boxes.append(np.concatenate([centre - half, centre + half], axis=1))
        scores.append(score)
        points.append((point + corner[:, None]) * stride)
    boxes, scores, points = map(np.concatenate, (boxes, scores, points))
    kept = scores >= LOWEST_SCORE
    return boxes[kept] / scale, scores[kept], points[kept] / scale


def suppress(boxes, scores):
    """The indices of the best of boxes that overlap, surest first."""
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    order = np.argsort(-scores, kind="stable")
    kept = []
    while order.size:
        best, order = order[0], order[1:]
        kept.append(best)
        low = np.maximum(boxes[best, :2], boxes[order, :2])
        high = np.minimum(boxes[best, 2:], boxes[order, 2:])
        shared = np.prod(np.maximum(high - low, 0), axis=1)
        order = order[shared / (area[best] + area[order] - shared) <= SAME_FACE]
    return kept


def detections(session, picture, scales):
    found = [detect_at(session, picture, scale) for scale in scales]
    boxes, scores, points = map(np.concatenate, zip(*found))
    for index in suppress(boxes, scores):
        left, top, right, bottom = boxes[index]
        box = [round(float(value), 2) for value in (left, top, right - left, bottom - top)]
        yield {
            "box": box,
            "score": round(float(scores[index]), 5),
            "landmarks": [[round(float(value), 2) for value in point] for point in points[index]],
        }


def main():
    options = arguments()
    scales = [float(scale) for scale in options.scales.split(",")]
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        options.model, settings, providers=["CPUExecutionProvider"]
    )
    lines = [{"about": {"threshold": SHIPPED_SCORE, "remark": options.remark}}]
    for name, data in photographs(options.folder, options.sources):
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        start = time.perf_counter()
        found = list(detections(session, picture, scales))
        millis = (time.perf_counter() - start) * 1000
        lines.append({"file": name, "millis": round(millis, 3), "detections": found})
    options.out.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    print(f"{options.out}: {len(lines) - 1} photographs")


if __name__ == "__main__":
    main()
