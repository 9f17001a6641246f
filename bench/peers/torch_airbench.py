"""The recipe configs/cifar10/airbench94_w32.yaml in PyTorch, on class folders of images: the peer that it is measured beside.

usage: torch_airbench.py DIR [--epochs 10] [--seed 0] [--width 32]
DIR has train/ and test/. Prints one JSON line per epoch: top1 is of the averaged weights, over an image and its mirror image;
seconds are those of training, seconds_all with evaluations and with reading the images.
"""
import argparse, copy, glob, json, os, time
import numpy as np, torch, torch.nn.functional as F
from PIL import Image
from torch import nn

p = argparse.ArgumentParser()
p.add_argument("dir")
p.add_argument("--epochs", type=int, default=10)
p.add_argument("--seed", type=int, default=0)
p.add_argument("--width", type=int, default=32)
a = p.parse_args()
BATCH, RATE, MOMENTUM, DECAY, BIAS_RATE, SMOOTHING, AVERAGE = 512, .75, .85, 1.33e-3, 64, .2, .99
WARMUP, FIRST, LAST = 2.3, .15, .0525
torch.manual_seed(a.seed)
start = time.time()


def load(part):
    xs, ys = [], []
    for label, name in enumerate(sorted(os.listdir(f"{a.dir}/{part}"))):
        for file in sorted(glob.glob(f"{a.dir}/{part}/{name}/*")):
            xs.append(np.asarray(Image.open(file).convert("RGB")))
            ys.append(label)
    x = torch.from_numpy(np.stack(xs)).permute(0, 3, 1, 2).float().div_(255)
    mean, std = torch.tensor([.4914, .4822, .4465]), torch.tensor([.2470, .2435, .2616])
    return ((x - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1)).contiguous(memory_format=torch.channels_last), torch.tensor(ys)


class Norm(nn.BatchNorm2d):
    def __init__(self, channels):
        super().__init__(channels, eps=1e-12, momentum=.4)
        self.weight.requires_grad = False


class Group(nn.Module):
    def __init__(self, channels_in, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1, bias=False)
        self.norm1 = Norm(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = Norm(channels)
        for conv in (self.conv1, self.conv2):
            nn.init.dirac_(conv.weight.data[:conv.weight.shape[1]])

    def forward(self, x):
        x = F.gelu(self.norm1(F.max_pool2d(self.conv1(x), 2)))
        return F.gelu(self.norm2(self.conv2(x)))


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Conv2d(3, 24, 2)
        self.first.weight.requires_grad = False
        nn.init.zeros_(self.first.bias)
        self.groups = nn.Sequential(Group(24, width), Group(width, 4 * width), Group(4 * width, 4 * width))
        self.last = nn.Linear(4 * width, 10, bias=False)

    def forward(self, x):
        return self.last(F.max_pool2d(self.groups(F.gelu(self.first(x))), 3).flatten(1)) / 9


def whiten(conv, x):
    patches = x[:5000].unfold(2, 2, 1).unfold(3, 2, 1).permute(0, 2, 3, 1, 4, 5).reshape(-1, 12).double()
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    w = (vectors / (values + 5e-4).sqrt()).T.flip(0).reshape(12, 3, 2, 2).float()
    conv.weight.data[:] = torch.cat([w, -w])


xt, yt = load("train")
xv, yv = load("test")
model = Net(a.width).to(memory_format=torch.channels_last)
whiten(model.first, xt[torch.randperm(len(xt))])
average = copy.deepcopy(model)
biases = [q for n, q in model.named_parameters() if n.endswith("bias")]
weights = [q for n, q in model.named_parameters() if not n.endswith("bias") and q.requires_grad]
optimizer = torch.optim.SGD(
    [dict(params=weights, weight_decay=DECAY, factor=1), dict(params=biases, weight_decay=0., factor=BIAS_RATE)],
    lr=RATE, momentum=MOMENTUM, nesterov=True)
steps = len(xt) // BATCH
total, warm = steps * a.epochs, round(WARMUP * steps)
padded = F.pad(xt, (2,) * 4, "reflect").contiguous(memory_format=torch.channels_last)
flipped = torch.rand(len(xt)) < .5
trained, t = 0., 0
for epoch in range(a.epochs):
    model.train()
    begun, order = time.time(), torch.randperm(len(xt))
    for k in range(steps):
        i = order[k * BATCH:(k + 1) * BATCH]
        rate = FIRST + (RATE - FIRST) * t / warm if t < warm else RATE + (LAST - RATE) * (t - warm) / (total - warm)
        for group in optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        x, flips = padded[i], flipped[i] ^ (epoch % 2 == 1)
        dy, dx = torch.randint(0, 5, (BATCH,)), torch.randint(0, 5, (BATCH,))
        crops = torch.empty(BATCH, 3, 32, 32).contiguous(memory_format=torch.channels_last)
        for oy in range(5):
            for ox in range(5):
                m = (dy == oy) & (dx == ox)
                crops[m] = x[m, :, oy:oy + 32, ox:ox + 32]
        crops = torch.where(flips.view(-1, 1, 1, 1), crops.flip(-1), crops).contiguous(memory_format=torch.channels_last)
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(crops), yt[i], label_smoothing=SMOOTHING)
        loss.backward()
        optimizer.step()
        t += 1
        share = min(AVERAGE, (1 + t) / (10 + t))
        with torch.no_grad():
            for kept, new in zip(average.state_dict().values(), model.state_dict().values()):
                if kept.dtype == torch.float32:
                    kept.lerp_(new, 1 - share)
    trained += time.time() - begun
    average.eval()
    hits = 0
    with torch.no_grad():
        for k in range(0, len(xv), 500):
            x = xv[k:k + 500]
            hits += ((average(x) + average(x.flip(-1))).argmax(1) == yv[k:k + 500]).sum().item()
    print(json.dumps(dict(peer="torch " + torch.__version__, seed=a.seed, epoch=epoch + 1, loss=round(loss.item(), 4), top1=hits / len(xv),
                          seconds=round(trained, 1), seconds_all=round(time.time() - start, 1))), flush=True)
