"""Certificates for one test run, made with openssl: an authority, the broker's, a client's, and a stranger's."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """A certificate and its private key, PEM."""

    cert: Path
    key: Path

    def together(self) -> Path:
        """Both in one file, as the broker wants them."""
        path = self.cert.with_suffix(".both.pem")
        path.write_text(self.key.read_text() + self.cert.read_text())
        return path


@dataclass(frozen=True)
class Certificates:
    """`authority` signed `broker` (for 127.0.0.1) and `client`; `stranger` signed itself."""

    authority: Certificate
    broker: Certificate
    client: Certificate
    stranger: Certificate


def make_certificates(folder: Path) -> Certificates:
    """Fresh ones, good for a day. Raises OSError without openssl."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = _make(folder, "authority")
    return Certificates(
        authority,
        broker=_make(folder, "broker", authority, "subjectAltName=IP:127.0.0.1"),
        client=_make(folder, "client", authority),
        stranger=_make(folder, "stranger"),
    )


def _make(folder: Path, name: str, signer: Certificate | None = None, extension: str = "") -> Certificate:
    """A certificate signed by `signer`, or by itself, and then an authority."""
    made = Certificate(folder / f"{name}.pem", folder / f"{name}.key.pem")
    command = ["openssl", "req", "-x509", "-nodes", "-days", "1", "-subj", f"/CN={name}"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-keyout", str(made.key), "-out", str(made.cert)]
    command += ["-CA", str(signer.cert), "-CAkey", str(signer.key)] if signer else []
    command += ["-addext", f"basicConstraints=critical,CA:{'FALSE' if signer else 'TRUE'}"]
    command += ["-addext", extension] if extension else []
    subprocess.run(command, check=True, capture_output=True)
    return made
