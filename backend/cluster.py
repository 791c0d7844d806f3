"""The model server on Ray Serve: the same application in replicas on any number of machines.

    python -m backend.cluster --replicas 4

joins the Ray cluster of RAY_ADDRESS, or the one that runs on this machine, starts the replicas,
says where they answer, and ends; they stay. Run again, it replaces them one after the other, by
whatever the settings, the models folder and the code are then. `--local` needs no cluster: Ray is
started with it and stopped by Ctrl-C.

Every machine needs this package and the models folder at the same places; the settings of the
environment are read here and handed on. The graphs of OpenVINO are exported here, once, before any
replica is replaced; on machines that do not share `SKINXAI_GRAPHS_DIR` with this one, the first
replica that starts there exports them. Every replica has its own bounded line, refuses in the
server's own words what does not fit into it, and gathers photos into batches where the application
does: nothing of Ray's is needed for that.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.api.problems import REQUEST_ID_HEADER
from backend.app import create_app, end_process, engine_wish
from backend.errors import (
    EngineMissingError,
    GraphsUnusableError,
    ModelError,
    SettingInvalidError,
    SkinXaiError,
)
from backend.fleet import Fleet, parse_fleet
from backend.logs import configure_logging
from backend.processes import Program, ProgramNotReadyError, until_ready
from backend.settings import Settings, load_settings
from backend.supervisor import ALLOCATOR, EVERYWHERE, LOOPBACK
from backend.vision.engines.choice import make_graphs, require_possible
from backend.vision.manifest import read_manifest, verify_files

_EXIT_UNUSABLE: Final = 2

try:
    import ray
    from ray import serve
    from ray.exceptions import RayError
    from ray.serve import Application
    from ray.serve.config import AutoscalingConfig, BackpressureConfig
    from ray.serve.schema import LoggingConfig
except ModuleNotFoundError as missing:
    if __name__ != "__main__":
        raise
    print(
        f"skin-xai cluster: a cluster needs the Python package {missing.name}, which is not "
        "installed. It comes with .venv/bin/pip install -c constraints.txt -e '.[cluster]'.",
        file=sys.stderr,
    )
    sys.exit(_EXIT_UNUSABLE)

NAME: Final = "skin-xai"
_DEPLOYMENT: Final = "server"
_SHARED_MEMORY: Final = "/dev/shm"  # of Linux
_HERE: Final = {EVERYWHERE: LOOPBACK, "::": "[::1]"}
_REFUSALS: Final = 32
"""Requests that a replica takes beside those it has places for: probes, and photos to refuse."""
_ANALYSIS_S: Final = 60.0
"""Time for the analyses that have begun, before a replica that is replaced is stopped."""
_HEALTH_PERIOD_S: Final = 5.0
_START_ATTEMPTS: Final = 3
_ANSWER_TIMEOUT_S: Final = 60.0
_PROXY_START: Final = "RAY_SERVE_PROXY_READY_CHECK_TIMEOUT_S"
_PROXY_START_S: Final = 30
"""Ray's own 5 are too few on a busy machine, where it gives up after the third try."""


class ClusterMissingError(SkinXaiError):
    """There is no Ray to join."""

    def __init__(self, reason: str) -> None:
        """Say what to do.

        Args:
            reason: what Ray says.
        """
        super().__init__(
            "no Ray cluster can be joined: start one with `ray start --head "
            f"--disable-usage-stats`, set RAY_ADDRESS, or give --local ({reason})"
        )


class RollOutFailedError(SkinXaiError):
    """New replicas did not start."""

    def __init__(self, reason: str) -> None:
        """Say what goes on.

        Args:
            reason: what Ray Serve says.
        """
        super().__init__(
            "the new replicas did not start, and their lines above say why; those that were not "
            f"replaced yet go on, and the same command with what was set before brings the others "
            f"back ({reason})"
        )


class ProxyNotReadyError(SkinXaiError):
    """Ray Serve's own program that takes the requests did not start; no replica was touched."""

    def __init__(self, reason: Exception) -> None:
        """Say what to do.

        Args:
            reason: what Ray says.
        """
        first, *_ = str(reason).splitlines() or [type(reason).__name__]
        super().__init__(
            "Ray Serve's proxy did not start: run the same command again when the machine is less "
            f"busy, or start the cluster anew with {_PROXY_START}=60 (seconds that it may take, "
            f"by itself 5, with --local {_PROXY_START_S}; {first})"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the replicas or replace them; returns the exit status."""
    fleet = parse_fleet(arguments, description=(__doc__ or "").split("\n")[0])
    try:
        settings = replica_settings(load_settings(), fleet)
        # Before any replica is stopped for weights that none can load.
        manifest = read_manifest(settings.models_dir)
        verify_files(manifest, settings.models_dir)
        join(local=fleet.local)
        try:
            # Likewise: a replica that exports graphs takes the cores of those that serve, and the
            # longer to be there.
            make_graphs(settings.models_dir, manifest, engine_wish(settings))
            url = roll_out(settings, fleet)
            address = ray.get_runtime_context().gcs_address
            print(f"skin-xai: {fleet} at {url} (RAY_ADDRESS={address})", flush=True)
            if fleet.local:
                _wait_for_signal()
        finally:
            ray.shutdown()
    except (
        ModelError, GraphsUnusableError, SettingInvalidError, ClusterMissingError,
    ) as error:  # fmt: skip
        return _complain(error, status=_EXIT_UNUSABLE)
    except (ProgramNotReadyError, ProxyNotReadyError, RollOutFailedError) as error:
        return _complain(error, status=1)
    return 0


def replica_settings(settings: Settings, fleet: Fleet) -> Settings:
    """What the replicas are set to.

    Args:
        settings: of the environment in which the command runs.
        fleet: what each of them books.

    Returns:
        The same with absolute paths, since replicas run in other folders, and with the device and
        the cores that were booked, since a replica may see a GPU and cores that are others'.

    Raises:
        SettingInvalidError: the device, the engine or the precision contradicts the GPUs.
    """
    gpus = fleet.gpus
    if (settings.device, gpus > 0) in {("cuda", False), ("cpu", True)}:
        raise SettingInvalidError(
            f"SKINXAI_DEVICE is {settings.device}, but --gpus is {gpus:g}: change one of the two"
        )
    graphs_dir = settings.graphs_dir
    found = settings.model_copy(
        update={
            "device": "cuda" if gpus > 0 else "cpu",
            "threads": settings.threads or max(1, int(fleet.cpus_for(settings))),
            "models_dir": settings.models_dir.absolute(),
            "graphs_dir": None if graphs_dir is None else graphs_dir.absolute(),
        }
    )
    try:
        require_possible(engine_wish(found))
    except EngineMissingError as error:
        otherwise = "leave out --gpus" if gpus > 0 else "book GPUs with --gpus"
        raise SettingInvalidError(
            f"with --gpus {gpus:g} no replica could start: {error}, or {otherwise}"
        ) from error
    return found


def join(*, local: bool) -> None:
    """Connect to a cluster, or start one on this machine that reports nothing to anybody.

    Args:
        local: whether to start one; it ends with this process.

    Raises:
        ClusterMissingError: there is none.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if local:
        # Photos pass through shared memory. What does not fit there Ray would write to disk.
        in_memory = _SHARED_MEMORY if Path(_SHARED_MEMORY).is_dir() else None
        os.environ.setdefault(_PROXY_START, str(_PROXY_START_S))
        ray.init(address="local", include_dashboard=False, object_spilling_directory=in_memory)
        return
    try:
        ray.init(address="auto")
    except (ConnectionError, RuntimeError, RayError) as error:
        raise ClusterMissingError(str(error)) from error


def roll_out(settings: Settings, fleet: Fleet) -> str:
    """Let the joined cluster run these replicas instead of those it has.

    Args:
        settings: of every replica, as `replica_settings` gives them.
        fleet: how many there are and what each books.

    Returns:
        Where they answer, when all of them do.

    Raises:
        ProgramNotReadyError: they do not answer there, as Serve keeps the port it once began with.
        ProxyNotReadyError: nothing could take requests for them.
        RollOutFailedError: they do not start.
    """
    try:
        serve.start(http_options={"host": settings.host, "port": settings.port})
    except (RayError, TimeoutError) as error:
        raise ProxyNotReadyError(error) from error
    try:
        serve.run(build_application(settings, fleet), name=NAME)
    except RuntimeError as error:
        raise RollOutFailedError(str(error)) from error
    url = f"http://{_HERE.get(settings.host, settings.host)}:{settings.port}"
    server = Program(name="cluster", command=(), ready_url=f"{url}/readyz")
    asyncio.run(until_ready(server, _ANSWER_TIMEOUT_S))
    return url


def build_application(settings: Settings, fleet: Fleet) -> Application:
    """What Ray Serve runs; arguments as in `roll_out`."""

    # The settings travel inside: what is set as a variable is written to Ray's logs, a key too.
    def build_app() -> ASGIApp:
        return replica_app(settings)

    deployment = serve.deployment(**deployment_options(settings, fleet))
    return deployment(serve.ingress(build_app)()).bind()


def deployment_options(settings: Settings, fleet: Fleet) -> dict[str, Any]:
    """How the replicas are run, in the words of `ray.serve.deployment`."""
    at_once = settings.workers + settings.max_waiting + _REFUSALS
    number: dict[str, Any] = {"num_replicas": fleet.least}
    if fleet.least < fleet.most:
        number = {
            "autoscaling_config": AutoscalingConfig(
                min_replicas=fleet.least,
                max_replicas=fleet.most,
                target_ongoing_requests=settings.workers,
            )
        }
    return {
        **number,
        "name": _DEPLOYMENT,
        "ray_actor_options": {
            "num_cpus": fleet.cpus_for(settings),
            "num_gpus": fleet.gpus,
            "runtime_env": {"env_vars": dict(ALLOCATOR)},
        },
        # A replica itself refuses what is too much for it. What comes faster than it can refuse
        # waits in Serve's proxies, as much again, and what is beyond that they refuse.
        "max_ongoing_requests": at_once,
        "max_queued_requests": at_once * fleet.most,
        "backpressure_config": BackpressureConfig(retry_after_s=settings.max_wait_s),
        "health_check_period_s": _HEALTH_PERIOD_S,
        "max_constructor_retry_count": _START_ATTEMPTS,
        "max_surge_percent": 1 if fleet.surge else 0,  # rounded up to one replica
        # Whoever has a place in a replica that is being replaced is still answered.
        "graceful_shutdown_timeout_s": (
            settings.upload_timeout_s + settings.max_wait_s + _ANALYSIS_S
        ),
        "logging_config": LoggingConfig(enable_access_log=False),
    }


def replica_app(settings: Settings) -> ASGIApp:
    """The application of one replica; its networks load at its start."""
    configure_logging(settings.log_level)
    # Serve asks a replica no probe, but replaces one that is dead.
    return _without_request_id(create_app(settings, on_broken=end_process))


def _without_request_id(app: ASGIApp) -> ASGIApp:
    # Serve's proxy gives a request its id, which the application takes over, and adds it to the
    # answer: with the application's own header there would be two.
    name = REQUEST_ID_HEADER.lower().encode()

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_without(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [header for header in message["headers"] if header[0].lower() != name]
                message = {**message, "headers": kept}
            await send(message)

        await app(scope, receive, send_without)

    return answer


def _wait_for_signal() -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()


def _complain(error: SkinXaiError, *, status: int) -> int:
    print(f"skin-xai cluster: {error}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
