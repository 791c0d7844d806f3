"""Makes the sample face: the average of many people, whom it therefore does not show.

`python -m baseline.synthetic.sample_face OUT --faces FOLDER`
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from backend.vision.geometry import Photo
from backend.vocabulary import Attribute
from baseline.faces.folder import list_faces
from baseline.splits import Split, people
from baseline.synthetic.canvas import CanvasMaker
from baseline.synthetic.noise import blur, octaves
from baseline.synthetic.optics import HAEMOGLOBIN, MELANIN, absorb, to_srgb
from baseline.synthetic.simulator import paint_all

PEOPLE: Final = 28
SIDE_PX: Final = 1024
SEED: Final = 7
SEVERITIES: Final = {
    Attribute.OIL: 2.2,
    Attribute.HYDRATION: 1.6,
    Attribute.WRINKLE: 2.3,
    Attribute.PIGMENTATION: 2.0,
    Attribute.SENSITIVITY: 3.2,
}


def sample_face(faces_folder: Path) -> Photo:
    """The average of 28 training people with simulated skin, RGB uint8 (1024, 1024, 3)."""
    rng = np.random.default_rng(SEED)
    chosen = sorted(rng.choice(people(Split.TRAIN), size=PEOPLE, replace=False))
    faces = [face for face in list_faces(faces_folder) if face.person in chosen]
    canvas = CanvasMaker(faces, side_px=SIDE_PX).make_from(chosen, weights=[1.0] * PEOPLE, rng=rng)
    light = paint_all(canvas, SEVERITIES, rng).canvas.light
    # An average is as smooth as wax: uneven pigment and a fine grain give it skin again.
    shape, unit = canvas.anatomy.shape, canvas.anatomy.unit
    light = absorb(light, 0.05 * octaves(shape, 0.12 * unit, rng) * canvas.skin, MELANIN)
    light = absorb(light, 0.04 * octaves(shape, 0.2 * unit, rng) * canvas.skin, HAEMOGLOBIN)
    grain = blur(rng.standard_normal(shape, dtype=np.float32), 1.0)
    light = light * (1 + 0.09 * grain * (0.3 + 0.7 * canvas.skin))[..., None]
    return to_srgb(np.asarray(light, dtype=np.float32))


def main() -> None:
    """Read the command line and write the picture."""
    parser = argparse.ArgumentParser(
        prog="python -m baseline.synthetic.sample_face", description=__doc__
    )
    parser.add_argument("out", type=Path, help="JPEG to write")
    parser.add_argument("--faces", type=Path, required=True, help="folder of faces with landmarks")
    arguments = parser.parse_args()
    picture = sample_face(arguments.faces)[..., ::-1]
    if not cv2.imwrite(str(arguments.out), picture, [cv2.IMWRITE_JPEG_QUALITY, 90]):
        parser.exit(1, f"{arguments.out} could not be written\n")


if __name__ == "__main__":
    main()
