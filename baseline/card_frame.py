"""What the model card says before and after its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from backend.vision.manifest import Evidence
from backend.vocabulary import Attribute
from baseline.data_card import apart, evidence_of

_INTRODUCTION: Final = """\
# Model card: Skin XAI graders {version}

Five EfficientNet-B0, one per attribute, each giving one of the grades 0-4, and a landmark network
that finds 189 points of a face. This card is written by `python -m baseline.evaluation` from
`manifest.json`; the grades were measured by that command, the landmarks by
`python -m baseline.landmarks.export`.

## Intended use

A person follows the look of their own facial skin over time on their own machine. **Not a medical
device: not for diagnosis or treatment**, not for judging other people, not for hiring, insurance
or advertising.

## Training data

{trained_on}
"""

_SIMULATION: Final = """\
The signs were painted by `baseline/synthetic` ({data_versions}):
wrinkles as furrows that the lamps shade, pigmentation as melanin, sensitivity as haemoglobin, oil
as lamps mirrored by a film that follows the face's form, whole or (since `simulated-7`) in glints,
low hydration as fine lines, scales, dullness and cracked lips. Lamps, colours, background, pose,
distance, expression, make-up, stubble, moles, hair, glasses, shadows, glare and camera change from
photo to photo. The folds of a smile count as wrinkles; nothing else of that list counts for a
grade. In its last passes oil saw faces of which a share of their own shine was left, which counts
for none either. Three training faces of ten have one sign at most.
"""

_DISTILLED: Final = """\
The five have the stem and the first {stages} of seven stages in common. On {photos} of these
photos they learned to give the logits and the evidence of five graders that have nothing in common
and were taught by labels and masks, and to come closer to the labels (`python -m
baseline.distillation`, {steps} steps of 32 photos).
"""

_LIMITS: Final = "## What these networks cannot do\n\n"
_NO_JUDGE: Final = """\
- **No grade was ever compared with a dermatologist's or with a measuring device.** Every
  attribute's evidence is `simulated`: the figures say how well the networks read the simulator's
  signs on people they have not seen, not how well they read real skin.
- **What ships was not always chosen blind.** Which passes of the teacher of oil are averaged was
  chosen on the calibration and validation people together, on whom the probabilities were set
  afterwards; the teachers of hydration and pigmentation kept earlier weights after newer ones'
  calibration error had been seen on the test people; that sharing three stages did not ship, and
  that a map begins above a twentieth of its scale, was decided after figures of the test people
  had been seen; and biases joined the temperatures, by a rule that asks those same 20 people
  alone, after the calibration errors of the test people had been seen without any and with biases
  for all. What took part in a choice looks a little better than it is;
  `baseline/results/comparisons.md` tells of each.
"""
_OF_SKIN: Final = """\
- A photo tells little about **hydration** and **oil**: both are measured on the skin with an
  instrument. The networks see flakes and shine, and light can imitate either.
- Smiling raises the wrinkle grade, as its folds are wrinkles that can be seen. Make-up, beauty
  filters, stubble, glasses, hair and strong side light were simulated; real ones vary more.
- The people behind the simulated faces are 102 adults of 18 to 54 years, mostly white, in studio
  light; darker skin was widened by simulation. Children and older people were not seen.
- The heat maps are 16 x 16 cells enlarged and kept to the skin. They show which area spoke for the
  grade, not the outline of a sign; `baseline/results/explanations.md` says how far they agree with
  the painted signs.
"""

_END: Final = """\

## Training again

`make train FACES=/path/to/faces` repeats everything: simulate, landmarks, joint network, five
graders, their later passes on more photos, five that follow them on common stages, calibration,
evaluation. Weights made so differ a little from these: sums are rounded differently on another
machine, and `baseline/README.md` tells what else was done otherwise. On photos with real grades,
write a label file beside each image (README, "Training") and give the folders to
`python -m baseline.training`.

## Licence and credit

Weights: {licence}. Faces: DeBruine, L., and Jones, B. (2017), Face Research Lab London Set,
doi:10.6084/m9.figshare.5047666.v5, CC BY 4.0. First weights: EfficientNet-Lite0 trained on
ImageNet.
"""


def introduction(manifest: Mapping[str, Any]) -> str:
    """What the networks are, what they are for, and what they learned from."""
    entries = manifest["attributes"]
    versions = sorted({v for a in Attribute for v in apart(entries[a.value]["data_version"])})
    simulated = [
        version
        for version in versions
        if evidence_of({"data_version": version}) is Evidence.SIMULATED
    ]
    text = _INTRODUCTION.format(
        version=manifest["model_version"], trained_on=manifest["trained_on"]
    )
    if simulated:
        names = ", ".join(f"`{version}`" for version in simulated)
        text = text.rstrip("\n") + " " + _SIMULATION.format(data_versions=names)
    if (origin := manifest.get("distilled")) is not None:
        photos = sum(each["count"] for each in origin["photos"])
        text += _DISTILLED.format(stages=origin["stages"], photos=photos, steps=origin["steps"])
    return text


def limits(manifest: Mapping[str, Any]) -> str:
    """What the networks cannot do, how they are trained again, and whose work they are."""
    evidence = {manifest["attributes"][attribute.value]["evidence"] for attribute in Attribute}
    judged = Evidence.REAL in evidence
    end = _END.format(licence=manifest["licence"])
    return _LIMITS + ("" if judged else _NO_JUDGE) + _OF_SKIN + end
