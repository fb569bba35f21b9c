"""Computes an ONNX file on one input: compute.py model.onnx input.json > outputs.json

The input is a flat list of numbers, and so is each output. Needs onnxruntime (pip install
onnxruntime); the test of src/quantize/onnx runs it where PYTHON names a Python.
"""

import json
import sys

import numpy as np
import onnxruntime


def main(model: str, given: str) -> None:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    [wanted] = session.get_inputs()
    with open(given, encoding="utf-8") as file:
        values = np.asarray(json.load(file), dtype=np.float32).reshape(wanted.shape)
    outputs = session.run(None, {wanted.name: values})
    shapes = [tuple(output.shape) for output in session.get_outputs()]
    assert shapes == [output.shape for output in outputs], "the shapes that the file names"
    json.dump([output.ravel().tolist() for output in outputs], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
