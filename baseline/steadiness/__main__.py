"""How much a score moves when the skin stays and only the photo changes.

`python -m baseline.steadiness --models models --faces FOLDER`

Each test person's face is painted with severities drawn by lot and photographed ten times: other
lamps, colours, background, pose, hair, glasses, camera. Moles, stubble and make-up stay, for no
photo changes them. Then it is photographed twice more, alike but for a smile. Expressions are left
out of the ten, because the folds of a smile are wrinkles that can be seen. Every photo goes the
server's whole way from its file's bytes, and its quality is judged as the server does: the figures
are told of all photos, of those that are good or usable, and of the good ones. They go into the
manifest and the model card.
"""

from __future__ import annotations

from backend.vocabulary import Attribute
from baseline.model_card import record
from baseline.splits import Split, people
from baseline.steadiness.arguments import parse
from baseline.steadiness.faces import measure
from baseline.steadiness.figures import figures, print_figures


def main() -> None:
    """Read the command line, measure, print the figures."""
    analyser, given = parse("python -m baseline.steadiness", __doc__)
    faces = measure(analyser, given.faces, people(given.split))
    table = {attribute.value: figures(faces, attribute) for attribute in Attribute}
    for name, row in table.items():
        print_figures(name, row)
    if given.split is Split.TEST:
        record(given.models, "steadiness", table)


if __name__ == "__main__":
    main()
