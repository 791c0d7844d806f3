"""The certificate that the app has on a home network: made here, trusted by nobody yet.

A phone's browser hands its camera to pages with HTTPS alone, and no authority issues certificates
for the addresses of a home network. So the app brings its own, signed by itself. Browsers warn
about such a certificate once; whoever compares its fingerprint with the one that `make run`
prints knows that nobody sits in between.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from backend.errors import SkinXaiError

LIFETIME: Final = timedelta(days=397)
"""Some browsers accept no certificate that lives longer."""
RENEWED_BEFORE_END: Final = timedelta(days=60)
CERTIFICATE_NAME: Final = "certificate.pem"
KEY_NAME: Final = "key.pem"

_BACKDATED: Final = timedelta(hours=1)
# Asking the system for a way to an address tells which of this machine's own it would send from.
# Nothing is sent: these are the ranges of private networks and one address set aside for examples.
_FAR_ADDRESSES: Final = ("10.255.255.254", "172.31.255.254", "192.168.255.254", "192.0.2.1")


class CertificateUnusableError(SkinXaiError):
    """The certificate cannot be made or read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate and its key, as files.

    Attributes:
        certificate_file: PEM, this user's alone.
        key_file: PEM, without a password, this user's alone.
        fingerprint: SHA-256 of it, as browsers show it: `AB:CD:...`.
        ends_at: aware UTC; no browser accepts it afterwards.
    """

    certificate_file: Path
    key_file: Path
    fingerprint: str
    ends_at: datetime


def own_certificate(
    folder: Path, names: Iterable[str], *, now: datetime | None = None
) -> Certificate:
    """The certificate in a folder, made anew when it is missing, about to end or for other names.

    Args:
        folder: where it lies; made for this user alone when it is missing.
        names: addresses and host names it has to be valid for.
        now: aware; the present moment by default.

    Raises:
        CertificateUnusableError: the folder or its files cannot be read or written.
    """
    moment = datetime.now(UTC) if now is None else now
    wanted = frozenset(names)
    certificate_file, key_file = folder / CERTIFICATE_NAME, folder / KEY_NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = _read(certificate_file, key_file)
        if found is None or not _serves(found, wanted, moment):
            found = _make(certificate_file, key_file, wanted, moment)
    except OSError as error:
        raise CertificateUnusableError(
            f"The certificate for HTTPS cannot be kept in {folder}: {error.strerror}. Change the "
            "rights of that folder, or choose another one with SKINXAI_TLS_DIR."
        ) from error
    return Certificate(
        certificate_file=certificate_file,
        key_file=key_file,
        fingerprint=found.fingerprint(hashes.SHA256()).hex(":").upper(),
        ends_at=found.not_valid_after_utc,
    )


def own_addresses() -> list[str]:
    """This machine's IPv4 addresses on the networks it is in, without the loopback address."""
    found = {_address_towards(far) for far in _FAR_ADDRESSES}
    found |= set(_addresses_of(socket.gethostname()))
    own = {address for address in found if address and not _is_local(address)}
    # Home networks first: a virtual bridge seldom leads to a phone.
    return sorted(own, key=lambda address: (not address.startswith("192.168."), address))


def own_names() -> list[str]:
    """All names and addresses that a browser may reach this machine by."""
    host = socket.gethostname().split(".")[0].lower()
    hosts = [name for name in (host, f"{host}.local") if _is_host_name(name)]
    return ["127.0.0.1", "localhost", *hosts, *own_addresses()]


def _read(certificate_file: Path, key_file: Path) -> x509.Certificate | None:
    """The certificate, if it and its key are there, readable, and made for each other."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    except (FileNotFoundError, ValueError):
        return None
    return certificate if key.public_key() == certificate.public_key() else None


def _serves(certificate: x509.Certificate, names: frozenset[str], moment: datetime) -> bool:
    lives = certificate.not_valid_before_utc <= moment
    lives &= moment < certificate.not_valid_after_utc - RENEWED_BEFORE_END
    return lives and names <= _names_in(certificate)


def _names_in(certificate: x509.Certificate) -> set[str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = names.get_values_for_type(x509.IPAddress)
    return {str(address) for address in addresses} | set(names.get_values_for_type(x509.DNSName))


def _make(
    certificate_file: Path, key_file: Path, names: frozenset[str], moment: datetime
) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Skin Notes")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    # It signs nothing but itself: its key is of no use for any other site.
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - _BACKDATED)
        .not_valid_after(moment + LIFETIME - _BACKDATED)
        .add_extension(x509.SubjectAlternativeName(_general_names(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(
        key_file,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    _write(certificate_file, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)


def _general_names(names: Iterable[str]) -> list[x509.GeneralName]:
    return [
        x509.IPAddress(address) if (address := _parsed(name)) else x509.DNSName(name)
        for name in sorted(names)
    ]


def _parsed(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _is_local(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return parsed.is_loopback or parsed.is_unspecified


def _is_host_name(name: str) -> bool:
    return name.isascii() and all(
        part and part.replace("-", "").isalnum() for part in name.split(".")
    )


def _address_towards(far: str) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((far, 9))
            return str(probe.getsockname()[0])
        except OSError:
            # No way there: this machine is in no such network.
            return ""


def _addresses_of(host: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, socket.AF_INET)]
    except OSError:
        # The host does not know its own name, which is common and harmless.
        return []
