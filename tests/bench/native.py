"""ONNX Runtime and our own program, natively and alternating, on the same input.

native.py moue.onnx plane.json BENCH MODEL THREADS SECONDS prints, as JSON, the logits of both and
the milliseconds of each forward pass. BENCH is the program of src/bin/bench.rs, MODEL the folder
that it loads. Needs onnxruntime: pip install onnxruntime
"""

import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np
import onnxruntime

LEAST_ROUNDS = 10
FORWARDS_A_ROUND = 10
# Forward passes with each setting before the faster is taken.
TRIALS = 60
# For as long as they spin, waiting threads are on the core that the other program is measured on.
PAUSE_SECS = 0.05


def open_session(onnx: str, threads: int, spinning: bool) -> onnxruntime.InferenceSession:
    """All optimizations, so many threads; whether they spin while they wait for work."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", str(int(spinning)))
    return onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])


def main(onnx: str, plane: str, bench: str, folder: str, threads: int, seconds: float) -> None:
    with open(plane, encoding="utf-8") as file:
        values = np.asarray(json.load(file), np.float32)
    candidates = {spinning: open_session(onnx, threads, spinning) for spinning in (True, False)}
    [wanted] = candidates[True].get_inputs()
    given = {wanted.name: values.reshape(wanted.shape)}

    def computed(session: onnxruntime.InferenceSession, count: int) -> list[float]:
        millis = []
        for _ in range(count):
            started = time.perf_counter()
            session.run(["output0"], given)
            millis.append((time.perf_counter() - started) * 1000)
        return millis

    # The setting that is faster here is the one that is compared.
    tried = {spinning: computed(session, TRIALS) for spinning, session in candidates.items()}
    spinning = statistics.median(tried[True]) <= statistics.median(tried[False])
    session = candidates.pop(spinning)
    candidates.clear()

    environment = {**os.environ, "RAYON_NUM_THREADS": str(threads)}
    with subprocess.Popen(
        [bench, folder, plane],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    ) as process:

        def ours(count: int) -> list[float]:
            process.stdin.write(f"{count}\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        logits = {
            "ours": json.loads(process.stdout.readline()),
            "ort": session.run(["output0"], given)[0].ravel().tolist(),
        }
        ours(FORWARDS_A_ROUND), computed(session, FORWARDS_A_ROUND)
        millis = {"ours": [], "ort": []}
        ends = time.monotonic() + seconds
        rounds = 0
        while rounds < LEAST_ROUNDS or time.monotonic() < ends:
            time.sleep(PAUSE_SECS)
            millis["ours"] += ours(FORWARDS_A_ROUND)
            millis["ort"] += computed(session, FORWARDS_A_ROUND)
            rounds += 1
        process.stdin.close()
    version = onnxruntime.__version__
    json.dump({"version": version, "spinning": spinning, "logits": logits, "millis": millis}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:5], int(sys.argv[5]), float(sys.argv[6]))
