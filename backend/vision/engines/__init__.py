"""What runs the networks: PyTorch, which every other engine is held against, or OpenVINO.

An engine takes and gives NumPy arrays, so that whoever asks it need not know which one it is.
Neither PyTorch nor OpenVINO is imported before an engine of that name is loaded.
"""
