"""WaffleIron as published, said plainly in PyTorch: channels first, 1x1 convolutions, dense
planes whose cells average their points by a sparse matrix (as WaffleIron) or by scatter_reduce (as
ScaLR+), dense depthwise convolutions. Written from the description of the network; parameter names
are the published ones. Checked by check_reference.py. LayerScale multiplies, where a grouped
convolution would be slower."""
import torch
from torch import nn


class Embedding(nn.Module):
    def __init__(self, inputs, channels):
        super().__init__()
        self.norm = nn.BatchNorm1d(inputs)
        self.conv1 = nn.Conv1d(inputs, channels, 1)
        self.conv2 = nn.Sequential(
            nn.BatchNorm2d(inputs),
            nn.Conv2d(inputs, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 1, bias=False),
        )
        self.final = nn.Conv1d(2 * channels, channels, 1)

    def forward(self, features, neighbors):
        """features B x inputs x N, neighbors B x K+1 x N with the point itself first."""
        x = self.norm(features)
        batch, inputs, points = x.shape
        index = neighbors[:, 1:].reshape(batch, 1, -1).expand(-1, inputs, -1)
        around = x.gather(2, index).reshape(batch, inputs, -1, points)
        shape = self.conv2(around - x.unsqueeze(2)).max(dim=2)[0]
        return self.final(torch.cat([self.conv1(x), shape], dim=1))


class PointNorm(nn.LayerNorm):
    """LayerNorm over the channels of each point of B x C x N."""

    def forward(self, tokens):
        return super().forward(tokens.transpose(1, 2)).transpose(1, 2)


def norm_of(kind, channels):
    return PointNorm(channels) if kind == "layernorm" else nn.BatchNorm1d(channels)


def act_of(kind):
    return nn.GELU() if kind == "gelu" else nn.ReLU()


class SpatialMix(nn.Module):
    def __init__(self, channels, grid, norm, activation):
        super().__init__()
        self.grid = grid
        self.norm = norm_of(norm, channels)
        self.ffn = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, groups=channels),
            act_of(activation),
            nn.Conv2d(channels, channels, 3, padding=1, groups=channels),
        )
        self.scale = nn.Conv1d(channels, channels, 1, groups=channels, bias=False)

    def forward(self, tokens, flatten, cells):
        """flatten B x H*W x N, sparse, or None for scatter_reduce; cells B x N."""
        batch, channels, _ = tokens.shape
        index = cells.unsqueeze(1).expand(-1, channels, -1)
        r = self.norm(tokens)
        if flatten is None:
            plane = r.new_zeros(batch, channels, self.grid[0] * self.grid[1])
            plane = plane.scatter_reduce(2, index, r, "mean", include_self=False)
        else:
            plane = torch.bmm(flatten, r.transpose(1, 2)).transpose(1, 2)
        plane = self.ffn(plane.reshape(batch, channels, *self.grid)).reshape(batch, channels, -1)
        plane = plane * self.scale.weight.view(1, -1, 1)
        return tokens + plane.gather(2, index)


class ChannelMix(nn.Module):
    def __init__(self, channels, norm, activation):
        super().__init__()
        self.norm = norm_of(norm, channels)
        self.mlp = nn.Sequential(
            nn.Conv1d(channels, channels, 1), act_of(activation), nn.Conv1d(channels, channels, 1)
        )
        self.scale = nn.Conv1d(channels, channels, 1, groups=channels, bias=False)

    def forward(self, tokens):
        return tokens + self.mlp(self.norm(tokens)) * self.scale.weight.view(1, -1, 1)


class Layers(nn.Module):
    def __init__(self, channels, depth, grids, norm, activation):
        super().__init__()
        self.grids = grids
        self.scatter = False  # ScaLR+'s way; padding then dilutes the first cell of each plane
        self.spatial_mix = nn.ModuleList(
            SpatialMix(channels, grids[d % len(grids)], norm, activation) for d in range(depth)
        )
        self.channel_mix = nn.ModuleList(
            ChannelMix(channels, norm, activation) for _ in range(depth)
        )

    def forward(self, tokens, cells, occupied):
        flatten = [
            None if self.scatter else averaging_matrix(cells[:, i], occupied, rows * columns)
            for i, (rows, columns) in enumerate(self.grids)
        ]
        for d, (spatial, channel) in enumerate(zip(self.spatial_mix, self.channel_mix)):
            plane = d % len(self.grids)
            tokens = channel(spatial(tokens, flatten[plane], cells[:, plane]))
        return tokens


def averaging_matrix(cells, occupied, cell_count):
    """B x cells x N, sparse: 1 / (real points of the cell) for each real point."""
    batch, points = cells.shape
    count = torch.zeros(batch, cell_count).scatter_add_(1, cells, occupied)
    value = occupied / count.gather(1, cells).clamp(min=1)
    scan = torch.arange(batch).repeat_interleave(points)
    index = torch.stack([scan, cells.flatten(), torch.arange(points).repeat(batch)])
    return torch.sparse_coo_tensor(index, value.flatten(), (batch, cell_count, points))


def head_of(kind, channels, outputs, hidden):
    if kind == "bn_linear":
        return nn.Sequential(nn.BatchNorm1d(channels), nn.Conv1d(channels, outputs, 1))
    if kind == "mlp":
        return nn.Sequential(
            nn.Conv1d(channels, hidden, 1), nn.ReLU(), nn.Conv1d(hidden, outputs, 1)
        )
    return nn.Conv1d(channels, outputs, 1)


class WaffleIron(nn.Module):
    """features B x inputs x N, cells B x planes x N, neighbors B x K+1 x N, occupied B x N (1 for
    a real point, 0 for padding) -> B x outputs x N. Grids: (rows, columns) of each plane."""

    def __init__(self, channels, depth, grids, outputs, inputs=5, norm="layernorm",
                 activation="relu", head="bn_linear", hidden=0):
        super().__init__()
        self.embed = Embedding(inputs, channels)
        self.waffleiron = Layers(channels, depth, grids, norm, activation)
        self.classif = head_of(head, channels, outputs, hidden)

    def forward(self, features, cells, neighbors, occupied):
        tokens = self.waffleiron(self.embed(features, neighbors), cells, occupied)
        return self.classif(tokens)
