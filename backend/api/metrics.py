"""Counters for Prometheus: requests by the instrumentator, stages and refusals here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector
from prometheus_fastapi_instrumentator import Instrumentator

from backend.api.workers import Workers
from backend.errors import ErrorCode

_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _Batches(Collector):
    """How many batches of each size a GPU has run; empty where nothing is gathered."""

    def __init__(self, batches: Callable[[], Mapping[int, int]]) -> None:
        self._batches = batches

    def collect(self) -> Iterator[CounterMetricFamily]:
        counted = CounterMetricFamily(
            "skinxai_batches", "Batches of one network that were run together.", labels=("size",)
        )
        for size, count in sorted(dict(self._batches()).items()):
            counted.add_metric((str(size),), count)
        yield counted


class Metrics:
    """One application's counters, in a registry of its own."""

    def __init__(self) -> None:
        """Start all at zero."""
        self.registry: Final = CollectorRegistry()
        self._stages = Histogram(
            "skinxai_stage_seconds",
            "Time per stage of an analysis.",
            labelnames=("stage",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self._problems = Counter(
            "skinxai_problems",
            "Photos and requests that were answered with a problem.",
            labelnames=("code",),
            registry=self.registry,
        )

        self._waiting = Gauge(
            "skinxai_requests_waiting",
            "Requests that have a place and wait for a thread or for their photo to arrive.",
            registry=self.registry,
        )
        self._working = Gauge(
            "skinxai_photos_working", "Photos that are being analysed.", registry=self.registry
        )

    def watch(self, workers: Workers, batches: Callable[[], Mapping[int, int]]) -> None:
        """Show at any time how long the line is, and what was gathered into batches.

        Args:
            workers: the line.
            batches: tells how many batches of each size have been run.
        """
        self._waiting.set_function(lambda: workers.waiting)
        self._working.set_function(lambda: workers.working)
        self.registry.register(_Batches(batches))

    def observe(self, timings_ms: Mapping[str, float]) -> None:
        """Count one analysis."""
        for stage, spent_ms in timings_ms.items():
            self._stages.labels(stage=stage).observe(spent_ms / 1000)

    def count(self, code: ErrorCode) -> None:
        """Count one problem."""
        self._problems.labels(code=code.value).inc()

    def install(self, app: FastAPI) -> None:
        """Count requests, and answer `GET /metrics`."""
        instrumentator = Instrumentator(
            excluded_handlers=["^/metrics$", "^/healthz$", "^/readyz$"], registry=self.registry
        )
        instrumentator.instrument(app).expose(app, include_in_schema=False)
