"""What is kept of a photo can be read again, also what older versions of the app kept."""

from __future__ import annotations

import json
import zlib

from frontend.analysis import parse_analysis
from frontend.kept_content import read_content, write_content
from frontend.vocabulary import Attribute, Region
from tests.support.answers import analysis_answer


def test_the_errors_of_regions_are_kept() -> None:
    answer = analysis_answer()
    answer["attributes"]["oil"]["region_errors"] = {"nose": 0.01, "chin": 0.002}
    analysis = parse_analysis(answer)
    read = read_content(write_content(analysis))
    errors = {Region.NOSE: 0.01, Region.CHIN: 0.002}
    assert read.attributes[Attribute.OIL].region_errors == errors
    assert read == analysis


def test_what_was_kept_before_errors_of_regions_were_told_can_still_be_read() -> None:
    content = json.loads(zlib.decompress(write_content(parse_analysis(analysis_answer()))))
    for attribute in content["attributes"].values():
        del attribute["region_errors"]
    read = read_content(zlib.compress(json.dumps(content).encode()))
    assert [result.region_errors for result in read.attributes.values()] == [{}] * 5


def test_what_was_taken_back_of_the_light_is_kept() -> None:
    correction = {"stops": 1.2, "cast": [-0.3, 0.0], "slope": [0.0, 0.4]}
    analysis = parse_analysis(analysis_answer(correction=correction))
    assert analysis.correction.stops == 1.2
    assert read_content(write_content(analysis)) == analysis
