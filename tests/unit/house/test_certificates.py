"""The app's own certificate: for this machine's names, for this user alone, renewed in time."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from backend.certificates import (
    _FAR_ADDRESSES,
    LIFETIME,
    RENEWED_BEFORE_END,
    CertificateUnusableError,
    own_addresses,
    own_certificate,
    own_names,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAMES = ["127.0.0.1", "192.168.0.10", "localhost", "mirror.local"]


def parsed(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "certificate.pem").read_bytes())


def test_it_is_made_for_the_names_and_signs_nothing_else(tmp_path: Path) -> None:
    made = own_certificate(tmp_path, NAMES, now=NOON)
    extensions = parsed(tmp_path).extensions
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    assert addresses == ["127.0.0.1", "192.168.0.10"]
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "mirror.local"]
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert len(made.fingerprint) == 32 * 3 - 1


def test_it_and_its_key_are_this_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "tls"
    made = own_certificate(folder, NAMES, now=NOON)
    for file in (made.certificate_file, made.key_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(list(folder.iterdir())) == 2


def test_it_stays_the_same_until_it_is_about_to_end(tmp_path: Path) -> None:
    first = own_certificate(tmp_path, NAMES, now=NOON)
    assert LIFETIME - timedelta(days=1) < first.ends_at - NOON < LIFETIME
    nearly = first.ends_at - RENEWED_BEFORE_END - timedelta(minutes=1)
    assert own_certificate(tmp_path, NAMES, now=nearly) == first

    renewed = own_certificate(tmp_path, NAMES, now=nearly + timedelta(minutes=1))
    assert renewed.fingerprint != first.fingerprint
    assert renewed.ends_at > first.ends_at + timedelta(days=300)


def test_a_new_address_of_the_machine_needs_a_new_one_and_a_lost_one_does_not(
    tmp_path: Path,
) -> None:
    first = own_certificate(tmp_path, NAMES, now=NOON)
    assert own_certificate(tmp_path, NAMES[:2], now=NOON) == first
    assert own_certificate(tmp_path, [*NAMES, "10.0.0.7"], now=NOON) != first


@pytest.mark.parametrize("name", ["certificate.pem", "key.pem"])
@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN nonsense-----"])
def test_a_lost_or_damaged_file_is_made_anew(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    first = own_certificate(tmp_path, NAMES, now=NOON)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert own_certificate(tmp_path, NAMES, now=NOON).fingerprint != first.fingerprint


def test_a_key_of_another_certificate_is_noticed(tmp_path: Path) -> None:
    first = own_certificate(tmp_path / "first", NAMES, now=NOON)
    other = own_certificate(tmp_path / "other", NAMES, now=NOON)
    first.key_file.write_bytes(other.key_file.read_bytes())
    again = own_certificate(tmp_path / "first", NAMES, now=NOON)
    assert again.fingerprint != first.fingerprint


def test_a_folder_that_cannot_be_made_is_named_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CertificateUnusableError, match="SKINXAI_TLS_DIR"):
        own_certificate(tmp_path / "file" / "tls", NAMES, now=NOON)


# Asking for the way to an address sends nothing there.
@pytest.mark.allow_hosts([*_FAR_ADDRESSES])
def test_the_names_of_this_machine_begin_with_the_loopback_address() -> None:
    names = own_names()
    assert names[:2] == ["127.0.0.1", "localhost"]
    assert set(own_addresses()) <= set(names)
    assert not {"127.0.0.1", "0.0.0.0"} & set(own_addresses())
