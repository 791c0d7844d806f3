"""Trials of the gate that were measured are kept, and a stopped run goes on."""

from __future__ import annotations

import json
from pathlib import Path

from backend.vision.engines.choice import EngineWish
from baseline.gate.measuring import Plan, read_or_run


def test_a_line_that_a_stopped_run_left_unfinished_is_cut_off(tmp_path: Path) -> None:
    kept = tmp_path / "scores.jsonl"
    whole = json.dumps({"person": "a", "trials": []}) + "\n"
    kept.write_text(whole + '{"person": "b", "tri', encoding="utf-8")
    plan = Plan(tmp_path, tmp_path, EngineWish(), photos=1, strengths=1)
    assert read_or_run(kept, plan, ["a"], workers=1) == []
    assert kept.read_text(encoding="utf-8") == whole
