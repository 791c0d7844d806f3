"""Grading kept photos anew after a change of the networks, so that a history is on one scale.

The kept picture, which is the aligned face, goes to the model server as such, so that no face has
to be found in it again. Its new grades and maps take the place of the old ones; the old grades stay
beside them in the database and in the JSON file. How fit the photo was, and how it was taken, stays
as it was said of the whole photo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from frontend.client import ModelServer
from frontend.components.face_panel import Pictures
from frontend.saving import results_of
from frontend.services import Services
from frontend.store import VersionGrades, Visit


def outdated(visits: Sequence[Visit], *, pictured: set[str], version: str) -> list[Visit]:
    """The visits that can be graded anew.

    Args:
        visits: Of one person.
        pictured: IDs of those whose pictures are kept.
        version: Of the networks that grade now.
    """
    return [visit for visit in visits if visit.id in pictured and visit.model_version != version]


def regrade(services: Services, server: ModelServer, visit: Visit) -> bool:
    """Grade one visit anew; tell whether it still had its pictures.

    Pictures that are deleted while the server grades them stay deleted, and the old grades stay.

    Raises:
        ServerError: if the server does not grade the kept picture.
        KeptPhotosError: if it cannot be read, or the new maps cannot be kept.
    """
    kept = services.kept_photos.read(visit.user_id, visit.id)
    if kept is None:
        return False
    before = kept.pictures.analysis
    told = server.analyse_crop(before.crop)
    services.serving_version.hear(told.model_version)
    anew = replace(
        before,
        model_version=told.model_version,
        trained_on=told.trained_on,
        attributes=told.attributes,
    )
    beside = services.kept_photos.keeping(visit.user_id, Pictures(anew), replaces=kept)
    graded = VersionGrades(model_version=told.model_version, results=results_of(anew))
    return services.repository.regrade_visit(visit.user_id, graded, keep=beside)
