"""WaffleIron rewritten by hand for the CPU, as a user of PyTorch could: one scan, points x channels,
plain matrix products, segment sums over points sorted by cell; planes dense (channels last) or
sparse (3x3 taps gathered on occupied cells and their halo). Starts from published.WaffleIron, whose
results it keeps; fold() merges what is constant at inference. Checked by check_reference.py."""
import torch
from torch import nn
from torch.nn import functional as F

EMBEDDING_BLOCK = 1024  # points whose neighbours are mapped at a time at inference


def matrix(conv):
    """nn.Linear of a 1x1 convolution."""
    weight = conv.weight.flatten(1)
    linear = nn.Linear(weight.shape[1], weight.shape[0], bias=conv.bias is not None)
    linear.weight.data = weight.detach().clone()
    if conv.bias is not None:
        linear.bias.data = conv.bias.detach().clone()
    return linear


def batch_norm(norm):
    """nn.BatchNorm1d over N x channels with the state of `norm`."""
    result = nn.BatchNorm1d(norm.num_features)
    result.load_state_dict(norm.state_dict())
    return result


def norm_of(norm):
    if isinstance(norm, nn.LayerNorm):
        result = nn.LayerNorm(norm.normalized_shape)
        result.load_state_dict(norm.state_dict())
        return result
    return batch_norm(norm)


def affine_of(norm):
    """scale, shift of a batch norm at inference."""
    scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
    return scale, norm.bias - norm.running_mean * scale


def linear_of(weight, bias):
    linear = nn.Linear(weight.shape[1], weight.shape[0])
    linear.weight.data, linear.bias.data = weight.detach().clone(), bias.detach().clone()
    return linear


def scaled_input(linear, scale, shift):
    """The linear map of scale * x + shift."""
    bias = linear.weight @ shift
    return linear_of(linear.weight * scale, bias if linear.bias is None else bias + linear.bias)


class Embedding(nn.Module):
    def __init__(self, source):
        super().__init__()
        self.norm = batch_norm(source.norm)
        self.point = matrix(source.conv1)
        self.norm1, self.linear1 = batch_norm(source.conv2[0]), matrix(source.conv2[1])
        self.norm2, self.linear2 = batch_norm(source.conv2[2]), matrix(source.conv2[4])
        self.final = matrix(source.final)
        self.block = 0

    @torch.no_grad()
    def fold(self):
        """Norms into linear maps; then `norm` is dropped too: differences keep only its scale."""
        scale, shift = affine_of(self.norm)
        self.point = scaled_input(self.point, scale, shift)
        first = scaled_input(self.linear1, *affine_of(self.norm1))
        scale2, shift2 = affine_of(self.norm2)
        bias = first.bias * scale2 + shift2
        self.linear1 = linear_of(first.weight * scale * scale2[:, None], bias)
        self.norm = self.norm1 = self.norm2 = nn.Identity()
        self.block = EMBEDDING_BLOCK

    def around(self, x, neighbors):
        """Maximum over the neighbours (n x K) of the rows of x they start from."""
        count, width = neighbors[0].shape
        d = x[neighbors[0]] - neighbors[1].unsqueeze(1)
        h = self.norm2(self.linear1(self.norm1(d.flatten(0, 1))))
        return self.linear2(F.relu(h)).unflatten(0, (count, width)).amax(1)

    def forward(self, features, neighbors):
        x = self.norm(features)
        block = self.block or x.shape[0]
        shape = [
            self.around(x, pair) for pair in zip(neighbors.split(block), x.split(block))
        ]
        return self.final(torch.cat([self.point(x), torch.cat(shape)], dim=1))


def occupied_means(x, table):
    """Mean over the points of each occupied cell, and a row of zeros. Of the operations for this
    (index_add, scatter_reduce, sparse products) embedding_bag is the fastest here, in OpenVINO too;
    that one leaves empty bags unset, so there are none."""
    weight = table["weight"].to(x.dtype)
    mean = F.embedding_bag(
        table["order"], x, table["begin"], mode="sum", per_sample_weights=weight
    )
    return with_zeros(mean)


def with_zeros(x):
    """x with a row of zeros after the last: what is empty or outside."""
    return F.pad(x, (0, 0, 0, 1))


class DensePlane(nn.Module):
    """Both convolutions on all cells, channels last."""

    def __init__(self, source):
        super().__init__()
        self.conv1, self.conv2 = source.ffn[0], source.ffn[2]
        self.act = source.ffn[1]
        self.grid = source.grid

    def scale_output(self, scale):
        self.conv2.weight.mul_(scale.view(-1, 1, 1, 1))
        self.conv2.bias.mul_(scale)

    def forward(self, x, table):
        channels = x.shape[1]
        plane = occupied_means(x, table).index_select(0, table["place"])
        plane = plane.view(1, *self.grid, channels).permute(0, 3, 1, 2)
        plane = self.conv2(self.act(self.conv1(plane)))
        return plane.permute(0, 2, 3, 1).reshape(-1, channels).index_select(0, table["slot"])


class SparsePlane(nn.Module):
    """The first convolution on occupied cells and their halo, the second on occupied cells."""

    def __init__(self, source):
        super().__init__()
        conv1, self.act, conv2 = source.ffn
        self.taps1, self.bias1 = self.taps_of(conv1)
        self.taps2, self.bias2 = self.taps_of(conv2)

    @staticmethod
    def taps_of(conv):
        taps = conv.weight.detach().flatten(1).t().contiguous()
        return nn.Parameter(taps), nn.Parameter(conv.bias.detach().clone())

    def scale_output(self, scale):
        self.taps2.mul_(scale)
        self.bias2.mul_(scale)

    @staticmethod
    def convolve(x, rows, taps, bias):
        """rows 9 x cells: which row of x each tap reads."""
        result = bias
        for index, tap in zip(rows.unbind(0), taps.unbind(0)):
            result = torch.addcmul(result, x.index_select(0, index), tap)
        return result

    def forward(self, x, table):
        plane = occupied_means(x, table)
        plane = self.act(self.convolve(plane, table["rows1"], self.taps1, self.bias1))
        plane = self.convolve(with_zeros(plane), table["rows2"], self.taps2, self.bias2)
        return plane.index_select(0, table["slot"])


class Layer(nn.Module):
    """SpatialMix, then ChannelMix."""

    def __init__(self, spatial, channel, sparse):
        super().__init__()
        self.norm1, self.norm2 = norm_of(spatial.norm), norm_of(channel.norm)
        self.plane = SparsePlane(spatial) if sparse else DensePlane(spatial)
        self.linear1, self.linear2 = matrix(channel.mlp[0]), matrix(channel.mlp[2])
        self.act = channel.mlp[1]
        self.scale1 = nn.Parameter(spatial.scale.weight.detach().flatten().clone())
        self.scale2 = nn.Parameter(channel.scale.weight.detach().flatten().clone())

    @torch.no_grad()
    def fold(self):
        """LayerScale into the maps before it."""
        self.plane.scale_output(self.scale1)
        self.linear2.weight.mul_(self.scale2[:, None])
        self.linear2.bias.mul_(self.scale2)
        self.scale1 = self.scale2 = None

    def forward(self, tokens, table):
        mixed = self.plane(self.norm1(tokens), table)
        tokens = tokens + (mixed if self.scale1 is None else mixed * self.scale1)
        mixed = self.linear2(self.act(self.linear1(self.norm2(tokens))))
        return tokens + (mixed if self.scale2 is None else mixed * self.scale2)


class Rewritten(nn.Module):
    """features N x inputs, neighbors N x K (without the point itself), one table a plane (see
    tables.py) -> N x outputs. Takes over the convolutions of `source`: use that no more."""

    def __init__(self, source, sparse=False):
        super().__init__()
        self.embed = Embedding(source.embed)
        layers = source.waffleiron
        self.layers = nn.ModuleList(
            Layer(spatial, channel, sparse)
            for spatial, channel in zip(layers.spatial_mix, layers.channel_mix)
        )
        norm, linear = source.classif
        self.head_norm, self.head = batch_norm(norm), matrix(linear)

    @torch.no_grad()
    def fold(self):
        self.embed.fold()
        for layer in self.layers:
            layer.fold()
        self.head = scaled_input(self.head, *affine_of(self.head_norm))
        self.head_norm = nn.Identity()
        return self

    def forward(self, features, neighbors, tables):
        tokens = self.embed(features, neighbors)
        for i, layer in enumerate(self.layers):
            tokens = layer(tokens, tables[i % len(tables)])
        return self.head(self.head_norm(tokens))
