"""Whether there is a GPU, without loading PyTorch."""

from __future__ import annotations

import ctypes
import functools


@functools.cache
def gpu_count() -> int:
    """How many GPUs the CUDA driver of this machine offers to this process; 0 without a driver."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return 0
    count = ctypes.c_int(0)
    # https://docs.nvidia.com/cuda/cuda-driver-api: both give 0, CUDA_SUCCESS.
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return 0
    return count.value
