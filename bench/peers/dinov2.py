"""DINOv2's vision transformer, said plainly: image in, tokens of the last block before the final
norm out. Parameter names are the published ones. Checked by check_reference.py."""
import torch
from torch import nn
from torch.nn import functional as F

PATCH = 14
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        batch, tokens, dim = x.shape
        qkv = self.qkv(x).view(batch, tokens, 3, self.heads, dim // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        x = F.scaled_dot_product_attention(query, key, value)
        return self.proj(x.transpose(1, 2).reshape(batch, tokens, dim))


class Scale(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return x * self.gamma


class Mlp(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(dim, 4 * dim), nn.Linear(4 * dim, dim)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim, eps=1e-6), nn.LayerNorm(dim, eps=1e-6)
        self.attn, self.mlp = Attention(dim, heads), Mlp(dim)
        self.ls1, self.ls2 = Scale(dim), Scale(dim)

    def forward(self, x):
        x = x + self.ls1(self.attn(self.norm1(x)))
        return x + self.ls2(self.mlp(self.norm2(x)))


class PatchEmbedding(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, PATCH, stride=PATCH)

    def forward(self, image):
        return self.proj(image).flatten(2).transpose(1, 2)


class Dinov2(nn.Module):
    """image B x 3 x H x W in [0, 1] of the size (H, W) given here -> B x 1 + H/14 * W/14 x dim.
    stored: side of the grid of position embeddings in the weights."""

    def __init__(self, size, dim=384, depth=12, heads=6, stored=37):
        super().__init__()
        self.grid, self.stored = (size[0] // PATCH, size[1] // PATCH), stored
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(0.02 * torch.randn(1, 1 + stored * stored, dim))
        self.mask_token = nn.Parameter(torch.zeros(1, dim))  # of training; unused
        self.patch_embed = PatchEmbedding(dim)
        self.blocks = nn.ModuleList(Block(dim, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(dim, eps=1e-6)  # after what is returned here
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION).view(1, 3, 1, 1), persistent=False)

    @torch.no_grad()
    def fit_positions(self):
        """Position embeddings of this size of image, resampled once: call it after loading."""
        if self.grid != (self.stored, self.stored):
            first, grid = self.pos_embed[:, :1], self.pos_embed[:, 1:]
            grid = grid.view(1, self.stored, self.stored, -1).permute(0, 3, 1, 2)
            factors = [(cells + 0.1) / self.stored for cells in self.grid]
            grid = F.interpolate(grid, scale_factor=factors, mode="bicubic", align_corners=False,
                                 recompute_scale_factor=False)
            self.pos_embed = nn.Parameter(
                torch.cat([first, grid.permute(0, 2, 3, 1).flatten(1, 2)], dim=1)
            )
        return self.eval()

    def forward(self, image):
        x = self.patch_embed((image - self.mean) / self.deviation)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], dim=1) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return x
