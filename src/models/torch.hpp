#pragma once
// The part of LibTorch that every file uses: tensors, modules, autograd functions. It is the
// precompiled header; torch/torch.h as a whole doubles the time to compile a file.
#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>
