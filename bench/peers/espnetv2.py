"""ESPNetv2 for segmentation (Cityscapes), said plainly: image in, 20 logits a pixel out. Parameter
names are the published ones. Checked by check_reference.py with the real weights."""
from math import ceil, gcd

import torch
from torch import nn
from torch.nn import functional as F

from dinov2 import DEVIATION, MEAN

WIDTHS = {2.0: (32, 128, 256, 512), 0.5: (16, 32, 64, 128)}
DECODER, POOLED, CLASSES = (64, 48, 32), 10, 20
SCALES = (2.0, 1.5, 1.0, 0.5, 0.1)


def conv(inputs, outputs, size, stride=1, groups=1, dilation=1, bias=False):
    return nn.Conv2d(inputs, outputs, size, stride, dilation * (size - 1) // 2, dilation, groups,
                     bias)


def resized(x, size):
    return F.interpolate(x, size=size, mode="bilinear", align_corners=True)


def halved(x):
    return F.avg_pool2d(x, 3, stride=2, padding=1)


class Named(nn.Sequential):
    """conv, bn, act under these names: the encoder's blocks."""

    def __init__(self, inputs, outputs, size, stride=1, groups=1, act=True):
        super().__init__()
        self.add_module("conv", conv(inputs, outputs, size, stride, groups))
        self.add_module("bn", nn.BatchNorm2d(outputs))
        if act:
            self.add_module("act", nn.PReLU(outputs))


class NamedNorm(nn.Sequential):
    """bn, act under these names."""

    def __init__(self, channels):
        super().__init__()
        self.add_module("bn", nn.BatchNorm2d(channels))
        self.add_module("act", nn.PReLU(channels))


class Cbr(nn.Module):
    """The decoder's convolution, norm, activation."""

    def __init__(self, inputs, outputs, size, groups=1):
        super().__init__()
        self.cbr = nn.Sequential(
            conv(inputs, outputs, size, groups=groups), nn.BatchNorm2d(outputs), nn.PReLU(outputs)
        )

    def forward(self, x):
        return self.cbr(x)


def norm_act(channels):
    return nn.Sequential(nn.BatchNorm2d(channels), nn.PReLU(channels))


class Br(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.br = norm_act(channels)

    def forward(self, x):
        return self.br(x)


class Dilated(nn.Module):
    def __init__(self, channels, stride, dilation):
        super().__init__()
        self.conv = conv(channels, channels, 3, stride, channels, dilation)

    def forward(self, x):
        return self.conv(x)


class Eesp(nn.Module):
    def __init__(self, inputs, outputs, stride, limit):
        super().__init__()
        width = outputs // 4
        sizes = sorted(size if size <= limit else 3 for size in (3, 5, 7, 9))
        self.proj_1x1 = Named(inputs, width, 1, groups=4)
        self.spp_dw = nn.ModuleList(Dilated(width, stride, (size - 1) // 2) for size in sizes)
        self.br_after_cat = NamedNorm(outputs)
        self.conv_1x1_exp = Named(outputs, outputs, 1, groups=4, act=False)
        self.module_act = nn.PReLU(outputs)
        self.down = stride > 1

    def forward(self, x):
        y = self.proj_1x1(x)
        branches = [self.spp_dw[0](y)]
        for branch in self.spp_dw[1:]:
            branches.append(branch(y) + branches[-1])
        y = self.conv_1x1_exp(self.br_after_cat(torch.cat(branches, dim=1)))
        if self.down:
            return y
        return self.module_act(y + x if y.shape == x.shape else y)


class Down(nn.Module):
    def __init__(self, inputs, outputs, limit):
        super().__init__()
        self.eesp = Eesp(inputs, outputs - inputs, 2, limit)
        self.inp_reinf = nn.Sequential(Named(3, 3, 3), Named(3, outputs, 1, act=False))
        self.act = nn.PReLU(outputs)

    def forward(self, x, image):
        x = torch.cat([halved(x), self.eesp(x)], dim=1)
        image = halved(image)
        while image.shape[2] != x.shape[2]:
            image = halved(image)
        return self.act(x + self.inp_reinf(image))


class Shuffle(nn.Module):
    def __init__(self, groups):
        super().__init__()
        self.groups = groups

    def forward(self, x):
        return x.unflatten(1, (self.groups, -1)).transpose(1, 2).flatten(1, 2)


class Pool(nn.Module):
    def __init__(self, inputs, outputs, last=False):
        super().__init__()
        self.projection_layer = Cbr(inputs, POOLED, 1)
        self.stages = nn.ModuleList(conv(POOLED, POOLED, 3, groups=POOLED) for _ in SCALES)
        count = len(SCALES)
        self.merge_layer = nn.Sequential(
            Br(count * POOLED), Shuffle(count), Cbr(count * POOLED, POOLED, 3, groups=POOLED),
            conv(POOLED, outputs, 1, bias=last),
        )
        self.br = nn.Identity() if last else Br(outputs)

    def forward(self, x):
        x = self.projection_layer(x)
        height, width = x.shape[2:]
        pooled = []
        for scale, stage in zip(SCALES, self.stages):
            size = [max(5, ceil(height * scale)), max(5, ceil(width * scale))]
            if scale > 1:
                pooled.append(F.adaptive_avg_pool2d(stage(resized(x, size)), (height, width)))
            elif scale < 1:
                small = stage(F.adaptive_avg_pool2d(x, size))
                pooled.append(resized(small, (height, width)))
            else:
                pooled.append(stage(x))
        return self.br(self.merge_layer(torch.cat(pooled, dim=1)))


class Merge(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.expansion_layer = Cbr(inputs, outputs, 3, gcd(inputs, outputs))
        self.wt_layer = nn.Sequential(nn.AdaptiveAvgPool2d(1), conv(inputs, outputs, 1), nn.Sigmoid())

    def forward(self, x):
        return self.expansion_layer(x) * self.wt_layer(x)


class Encoder(nn.Module):
    def __init__(self, widths):
        super().__init__()
        c0, c1, c2, c3 = widths
        self.level1 = Named(3, c0, 3, stride=2)
        self.level2_0 = Down(c0, c1, 13)
        self.level3_0 = Down(c1, c2, 11)
        self.level3 = nn.ModuleList(Eesp(c2, c2, 1, 9) for _ in range(3))
        self.level4_0 = Down(c2, c3, 9)
        self.level4 = nn.ModuleList(Eesp(c3, c3, 1, 7) for _ in range(7))

    def forward(self, image):
        level1 = self.level1(image)
        level2 = self.level2_0(level1, image)
        level3 = self.level3_0(level2, image)
        for block in self.level3:
            level3 = block(level3)
        level4 = self.level4_0(level3, image)
        for block in self.level4:
            level4 = block(level4)
        return level1, level2, level3, level4


class EspNetV2(nn.Module):
    """image B x 3 x H x W in [0, 1] -> B x 20 x H x W."""

    def __init__(self, scale=2.0):
        super().__init__()
        c0, c1, c2, c3 = WIDTHS[scale]
        d1, d2, d3 = DECODER
        self.base_net = Encoder(WIDTHS[scale])
        self.bu_dec_l1 = Pool(c3, d1)
        self.merge_enc_dec_l2, self.bu_br_l2 = Merge(c2, d1), norm_act(d1)
        self.bu_dec_l2 = Pool(d1, d2)
        self.merge_enc_dec_l3, self.bu_br_l3 = Merge(c1, d2), norm_act(d2)
        self.bu_dec_l3 = Pool(d2, d3)
        self.merge_enc_dec_l4, self.bu_br_l4 = Merge(c0, d3), norm_act(d3)
        self.bu_dec_l4 = Pool(d3, CLASSES, last=True)
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION).view(1, 3, 1, 1), persistent=False)

    def forward(self, image):
        level1, level2, level3, level4 = self.base_net((image - self.mean) / self.deviation)
        x = self.bu_dec_l1(level4)
        x = self.bu_br_l2(self.merge_enc_dec_l2(level3) + resized(x, level3.shape[2:]))
        x = self.bu_dec_l2(x)
        x = self.bu_br_l3(self.merge_enc_dec_l3(level2) + resized(x, level2.shape[2:]))
        x = self.bu_dec_l3(x)
        x = self.bu_br_l4(self.merge_enc_dec_l4(level1) + resized(x, level1.shape[2:]))
        return resized(self.bu_dec_l4(x), image.shape[2:])
