"""Places for photos: a folder, and buckets of an S3 server of our own; what lies in them."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

import boto3
import fsspec
from fsspec import AbstractFileSystem

from frontend.photo_store import PhotoStore, open_photo_store
from tests.programs import free_port, is_listening

PATIENCE_S = 60
_PREFIX: Final = "some/prefix"
_REGION: Final = "eu-west-1"
_HERE: Final = {"LocationConstraint": _REGION}
_KEY: Final = "a-key-of-the-tests"
_SECRET: Final = "no secret"


class PhotoPlace(Protocol):
    """A place as the app's setting names it, looked into without the app."""

    @property
    def setting(self) -> str: ...

    def store(self) -> PhotoStore: ...

    def objects(self) -> dict[str, bytes]: ...

    def take_away(self) -> None: ...

    def bring_back(self) -> None: ...


@dataclass(frozen=True)
class Folder:
    """A folder of this machine, which the app makes."""

    path: Path

    @property
    def setting(self) -> str:
        return str(self.path)

    def store(self) -> PhotoStore:
        return open_place(self)

    def objects(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.path.iterdir()}

    def take_away(self) -> None:
        self.path.rename(self.path.with_name("elsewhere"))

    def bring_back(self) -> None:
        self.path.with_name("elsewhere").rename(self.path)


@dataclass(frozen=True)
class Bucket:
    """A bucket that is there, and a prefix in it.

    Attributes:
        filesystem: reaches the server as the app does; one for all buckets, since it takes long to
            make one.
        client: reaches it by Amazon's own library.
        name: of the bucket.
        aside: what lay in it while it is taken away.
    """

    filesystem: AbstractFileSystem
    client: Any
    name: str
    aside: dict[str, bytes] = field(default_factory=dict)

    @property
    def setting(self) -> str:
        return f"s3://{self.name}/{_PREFIX}"

    def store(self) -> PhotoStore:
        return PhotoStore(self.filesystem, f"{self.name}/{_PREFIX}")

    def objects(self) -> dict[str, bytes]:
        listed = self.client.list_objects_v2(Bucket=self.name).get("Contents", [])
        return {found["Key"].removeprefix(f"{_PREFIX}/"): self._read(found) for found in listed}

    def take_away(self) -> None:
        self.aside.update(self.objects())
        for key in self.aside:
            self.client.delete_object(Bucket=self.name, Key=f"{_PREFIX}/{key}")
        self.client.delete_bucket(Bucket=self.name)

    def bring_back(self) -> None:
        self.client.create_bucket(Bucket=self.name, CreateBucketConfiguration=_HERE)
        for key, content in self.aside.items():
            self.client.put_object(Bucket=self.name, Key=f"{_PREFIX}/{key}", Body=content)
        self.aside.clear()

    def _read(self, found: Mapping[str, Any]) -> bytes:
        return bytes(self.client.get_object(Bucket=self.name, Key=found["Key"])["Body"].read())


@dataclass(frozen=True)
class S3Server:
    """A server that runs.

    Attributes:
        url: where it answers.
    """

    url: str

    @property
    def environment(self) -> Mapping[str, str]:
        """What the tools of AWS have to know about it."""
        return {
            "AWS_ACCESS_KEY_ID": _KEY,
            "AWS_SECRET_ACCESS_KEY": _SECRET,
            "AWS_DEFAULT_REGION": _REGION,
            "AWS_ENDPOINT_URL_S3": self.url,
        }

    def new_bucket(self) -> Bucket:
        """An empty one."""
        bucket = Bucket(self._filesystem, self._client, f"photos-{uuid.uuid4().hex}")
        bucket.bring_back()
        return bucket

    @cached_property
    def _filesystem(self) -> AbstractFileSystem:
        return fsspec.filesystem(
            "s3", endpoint_url=self.url, key=_KEY, secret=_SECRET, use_listings_cache=False
        )

    @cached_property
    def _client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=_REGION,
            aws_access_key_id=_KEY,
            aws_secret_access_key=_SECRET,
        )


def open_place(place: PhotoPlace) -> PhotoStore:
    """The place as the app opens it."""
    return open_photo_store(place.setting, database_url="sqlite:///unused.db")


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Start moto's server, which keeps everything in its memory."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        ends = time.monotonic() + PATIENCE_S
        try:
            while not is_listening(port):
                if process.poll() is not None or time.monotonic() > ends:
                    raise RuntimeError(f"moto's server did not start: {' '.join(command)}")
                time.sleep(0.05)
            yield S3Server(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
