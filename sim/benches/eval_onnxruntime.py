"""MobileNetV3-Small in ONNX Runtime on the processor: how many images per second of processor time.

usage: eval_onnxruntime.py WEIGHTS.safetensors INPUTS.f32 IMAGES BATCH THREADS

INPUTS.f32 holds normalised images, single precision, [image][channel][row][column]. Prints one JSON object: the
figure, and the logits of all images. Batch norms are folded into convolutions, as in the circuit."""

import json
import struct
import sys
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

STRIDES = [1, 2, 1, 2, 1, 1, 1, 1, 2, 1, 1]
RELU_BLOCKS = 3
EPSILON = 1e-3


def read_safetensors(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, info in header.items():
        if name != "__metadata__":
            start, end = (8 + length + at for at in info["data_offsets"])
            tensors[name] = np.frombuffer(data[start:end], "<f4").reshape(info["shape"])
    return tensors


class Graph:
    def __init__(self, tensors):
        self.tensors, self.nodes, self.constants, self.count = tensors, [], [], 0

    def add(self, op, inputs, **attributes):
        self.count += 1
        out = f"t{self.count}"
        self.nodes.append(helper.make_node(op, inputs, [out], **attributes))
        return out

    def constant(self, array):
        self.count += 1
        name = f"c{self.count}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name))
        return name

    def conv(self, x, weight, bias, stride=1, groups=1):
        kernel = weight.shape[2]
        inputs = [x, self.constant(weight), self.constant(bias)]
        pads = [kernel // 2] * 4
        return self.add("Conv", inputs, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=pads, group=groups)

    def normed(self, x, name, act, stride=1, groups=1):
        tensor = lambda part: self.tensors[f"{name}.{part}"].astype(np.float64)
        gain = tensor("1.weight") / np.sqrt(tensor("1.running_var") + EPSILON)
        weight = tensor("0.weight") * gain[:, None, None, None]
        y = self.conv(x, weight, tensor("1.bias") - gain * tensor("1.running_mean"), stride, groups)
        return self.add(act, [y]) if act else y

    def squeeze(self, x, name):
        tensor = lambda part: self.tensors[f"{name}.{part}"]
        y = self.add("GlobalAveragePool", [x])
        y = self.add("Relu", [self.conv(y, tensor("fc1.weight"), tensor("fc1.bias"))])
        y = self.conv(y, tensor("fc2.weight"), tensor("fc2.bias"))
        y = self.add("HardSigmoid", [y], alpha=1 / 6, beta=0.5)
        return self.add("Mul", [x, y])

    def block(self, x, index):
        name, act = f"features.{index + 1}.block", "Relu" if index < RELU_BLOCKS else "HardSwish"
        places = iter(range(4))
        y, channels = x, None
        if self.tensors[f"{name}.0.0.weight"].shape[2] == 1:
            y = self.normed(y, f"{name}.{next(places)}", act)
        place = next(places)
        channels = self.tensors[f"{name}.{place}.0.weight"].shape[0]
        y = self.normed(y, f"{name}.{place}", act, STRIDES[index], channels)
        place = next(places)
        if f"{name}.{place}.fc1.weight" in self.tensors:
            y = self.squeeze(y, f"{name}.{place}")
            place = next(places)
        y = self.normed(y, f"{name}.{place}", None)
        # torchvision gives the first block no residual: its table says stride 2.
        residual = index > 0 and STRIDES[index] == 1 and self.width(index) == self.width(index - 1)
        return self.add("Add", [x, y]) if residual else y

    def width(self, index):
        name = f"features.{index + 1}.block"
        last = max(k for k in range(4) if f"{name}.{k}.0.weight" in self.tensors)
        return self.tensors[f"{name}.{last}.0.weight"].shape[0]

    def model(self):
        x = self.normed("image", "features.0", "HardSwish")
        for index in range(len(STRIDES)):
            x = self.block(x, index)
        x = self.normed(x, f"features.{len(STRIDES) + 1}", "HardSwish")
        x = self.add("Flatten", [self.add("GlobalAveragePool", [x])])
        for name, act in [("classifier.0", "HardSwish"), ("classifier.3", None)]:
            weight, bias = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
            x = self.add("Gemm", [x, self.constant(weight), self.constant(bias)], transB=1)
            x = self.add(act, [x]) if act else x
        shape = lambda name, rest: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *rest])
        graph = helper.make_graph(
            self.nodes, "mobilenet", [shape("image", [3, 32, 32])], [shape(x, [10])], self.constants
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
        onnx.checker.check_model(model)
        return model


def main():
    weights, inputs, images, batch, threads = sys.argv[1:]
    images, batch, threads = int(images), int(batch), int(threads)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Threads that wait must not burn processor time, which is what is measured.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    model = Graph(read_safetensors(weights)).model().SerializeToString()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    x = np.fromfile(inputs, "<f4").reshape(images, 3, 32, 32)
    run = lambda first: session.run(None, {"image": x[first : first + batch]})[0]
    run(0)
    start = time.process_time()
    logits = np.concatenate([run(first) for first in range(0, images, batch)])
    seconds = time.process_time() - start
    print(json.dumps({"images_per_cpu_second": images / seconds, "logits": logits.tolist()}))


main()
