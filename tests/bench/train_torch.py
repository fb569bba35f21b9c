"""PyTorch's side of train.py: the network of one of moue's recipes, trained on one prepared batch.

train_torch.py RECIPE.toml SECONDS prints, as JSON, the seconds of each step, how many numbers the
network learns, and the peak resident size before there is a network. Eager, float32,
channels-last. Needs Python 3.11 and what train.py names.
"""

import json
import math
import resource
import sys
import time
import tomllib

import torch
import torch.nn.functional as F
from torch import nn

THREADS = 2
WARM_UP_STEPS = 3
# The first steps are slower than the later ones for longer than a few of them take.
WARM_UP_SHARE = 0.25
CLASSES = 7

# The tables of src/spec/efficientnet.rs (expansion, channels, repeats, stride, kernel) and of
# src/spec/cnn.rs (channels of two convolutions).
STEM, FEATURES = 32, 1280
STAGES = [
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
]
CNN = [64, 128, 256, 512]

ACTIVATIONS = {"silu": nn.SiLU, "relu6": nn.ReLU6, "relu": nn.ReLU}


class SameConv(nn.Conv2d):
    """Pads as TensorFlow does, the odd pixel at the bottom right."""

    def forward(self, x):
        kernel, stride, size = self.kernel_size[0], self.stride[0], x.shape[-1]
        total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
        padding = total // 2
        if total % 2 == 1:
            x, padding = F.pad(x, (padding, padding + 1) * 2), 0
        return F.conv2d(x, self.weight, self.bias, self.stride, padding, groups=self.groups)


class DropPath(nn.Module):
    def __init__(self, probability):
        super().__init__()
        self.keep = 1 - probability

    def forward(self, x):
        if self.keep == 1 or not self.training:
            return x
        return x * x.new_empty(len(x), 1, 1, 1).bernoulli_(self.keep).div_(self.keep)


class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed, activation):
        super().__init__()
        self.reduce = nn.Conv2d(channels, squeezed, 1)
        self.activation = activation(inplace=True)
        self.expand = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x):
        gate = self.activation(self.reduce(x.mean((2, 3), keepdim=True)))
        return x * torch.sigmoid(self.expand(gate))


class MbConv(nn.Module):
    def __init__(self, network, channels_in, channels_out, expansion, kernel, stride, drop_path):
        super().__init__()
        inner = channels_in * expansion
        layers = conv_norm(network, channels_in, inner) if expansion != 1 else []
        layers += conv_norm(network, inner, inner, kernel, stride, groups=inner)
        if network.get("squeeze_excite", True):
            activation = ACTIVATIONS[network["style"]["activation"]]
            layers.append(SqueezeExcite(inner, max(channels_in // 4, 1), activation))
        layers += conv_norm(network, inner, channels_out, activated=False)
        self.branch = nn.Sequential(*layers)
        self.is_residual = stride == 1 and channels_in == channels_out
        self.drop_path = DropPath(drop_path)

    def forward(self, x):
        return x + self.drop_path(self.branch(x)) if self.is_residual else self.branch(x)


class SpatialGate(nn.Module):
    """A gate for each place, from the channels' mean and maximum, or from all channels."""

    def __init__(self, attention, channels):
        super().__init__()
        self.is_dense = attention == "dense"
        kernels = [] if self.is_dense else attention["multi-scale"]["kernels"]
        convs = [nn.Conv2d(2, 1, kernel, padding=kernel // 2) for kernel in kernels]
        self.convs = nn.ModuleList(convs or [nn.Conv2d(channels, channels, 1)])

    def forward(self, x):
        seen = x if self.is_dense else torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)
        return x * torch.sigmoid(sum(conv(seen) for conv in self.convs))


def norm(network, channels):
    style = network["style"]
    return nn.BatchNorm2d(channels, eps=style["norm_epsilon"], momentum=style["norm_momentum"])


def conv_norm(network, channels_in, channels_out, kernel=1, stride=1, groups=1, activated=True):
    style = network["style"]
    if style["padding"] == "same":
        conv = SameConv(channels_in, channels_out, kernel, stride, groups=groups, bias=False)
    else:
        conv = nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, groups=groups, bias=False)
    activation = [ACTIVATIONS[style["activation"]](inplace=True)] if activated else []
    return [conv, norm(network, channels_out), *activation]


def efficientnet(network):
    layers = conv_norm(network, network["input_channels"], STEM, 3, 2)
    depth, index, channels = sum(stage[2] for stage in STAGES), 0, STEM
    for expansion, channels_out, repeats, stride, kernel in STAGES:
        for repeat in range(repeats):
            drop_path = network["drop_path"] * index / depth
            stride_here = stride if repeat == 0 else 1
            layers.append(MbConv(network, channels, channels_out, expansion, kernel, stride_here, drop_path))
            index, channels = index + 1, channels_out
    return layers + conv_norm(network, channels, FEATURES), FEATURES


def cnn(network):
    layers, channels = [], network["input_channels"]
    for channels_out in CNN:
        layers += conv_norm(network, channels, channels_out, 3)
        layers += conv_norm(network, channels_out, channels_out, 3)
        layers.append(nn.MaxPool2d(2))
        channels = channels_out
    return layers, channels


def emotion_net(network):
    """What `EmotionNetConfig::init` builds of a recipe's [network]."""
    is_cnn = network.get("backbone", "efficientnet-b0") == "cnn"
    layers, channels = cnn(network) if is_cnn else efficientnet(network)
    if network["attention"] != "none":
        layers.append(SpatialGate(network["attention"], channels))
    head = network["head"]
    if head["normalized"]:
        layers.append(norm(network, channels))
    if head.get("pooling", "mean") == "mean":
        layers.append(nn.AdaptiveAvgPool2d(1))
    else:
        channels *= (network["input_size"] // 2 ** len(CNN)) ** 2
    layers.append(nn.Flatten())
    widths = [channels, *head["hidden"], CLASSES]
    for width_in, width_out in zip(widths, widths[1:]):
        layers += [nn.Dropout(head["dropout"]), nn.Linear(width_in, width_out), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers[:-1])


def main(recipe, seconds):
    imported = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with open(recipe, "rb") as file:
        config = tomllib.load(file)
    torch.set_num_threads(THREADS)
    torch.manual_seed(config["seed"])
    network = emotion_net(config["network"]).to(memory_format=torch.channels_last)
    rate, decay = config["optimizer"]["learning_rate"], config["optimizer"]["weight_decay"]
    # Fused, AdamW takes a third of the processor time that its other implementations take.
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=decay, fused=True)
    batch, size = config["batch_size"], config["network"]["input_size"]
    images = torch.randn(batch, config["network"]["input_channels"], size, size)
    images = images.to(memory_format=torch.channels_last)
    labels = torch.randint(CLASSES, (batch,))

    def steps(least, seconds):
        taken, ends = [], time.perf_counter() + seconds
        while len(taken) < least or time.perf_counter() < ends:
            started = time.perf_counter()
            optimizer.zero_grad()
            F.cross_entropy(network(images), labels).backward()
            optimizer.step()
            taken.append(time.perf_counter() - started)
        return taken

    steps(WARM_UP_STEPS, seconds * WARM_UP_SHARE)
    result = {
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "imported": imported,
        "steps": steps(1, seconds),
    }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
