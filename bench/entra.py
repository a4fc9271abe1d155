"""Entra over TLS, for botbuilder as shipped: its token library asks over HTTPS, twice on every turn.

Shaped as an ADFS authority, because for any other unknown host the library would first ask Microsoft on the internet.
"""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "entra.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path


async def start(pem: Path, token: str) -> tuple[str, web.AppRunner]:
    """Serve; the authority's URL and how to stop."""
    authority = ""

    async def discovery(_: web.Request) -> web.Response:
        endpoints = {f"{name}_endpoint": f"{authority}/oauth2/{name}" for name in ("authorization", "token")}
        return web.json_response({"issuer": authority, **endpoints})

    async def issue(_: web.Request) -> web.Response:
        return web.json_response({"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    app = web.Application()
    app.router.add_get("/adfs/.well-known/openid-configuration", discovery)
    app.router.add_post("/adfs/oauth2/token", issue)
    runner = web.AppRunner(app)
    await runner.setup()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    authority = f"https://127.0.0.1:{runner.addresses[0][1]}/adfs"
    return authority, runner
