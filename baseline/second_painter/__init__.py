"""A second painter of skin signs, to test graders that were trained on simulated skin.

A grader can learn the habits of the simulator that taught it. This painter therefore shares
nothing with `baseline.synthetic`: it knows no optics, it draws on the photo the way a retoucher
does, with blend modes, brushes and noise. It is for tests, never for training.
"""
