"""What the tests share: both databases, a clock that can be moved, a strict Slack, and a running house."""

import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import aiohttp
import pytest

from adapters.http import Server, make_app
from adapters.settings import Settings
from adapters.terminal import TerminalPlatform
from adapters.web.platform import WebPlatform
from adapters.web.playground import Playground
from adapters.wiring import House, build, new_id
from bot.engine import Engine
from bot.understanding.reader import PlainReader
from content import Pack, load_pack
from storage import schema
from storage.store import Store
from tests.fakes.slack import SECRET, TOKEN, FakeSlack, SlackClient
from tests.fakes.teams import FakeTeams, TeamsClient
from tests.postgres import Cluster
from tests.talk import Screen, SlackTalk, Talk, TeamsTalk, TerminalTalk, WebTalk

_numbers = count(1)


class Clock:
    """The real time, and as much more as a test wants."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move(self, **more: float) -> None:
        self.ahead += timedelta(**more)


@pytest.fixture(scope="session")
def gates() -> Iterator[tuple[int, int]]:
    """Two files that the processes of one test run lock: the way in, and the room."""
    name = f"doorstep-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    with ExitStack() as stack:
        paths = [Path(tempfile.gettempdir(), f"{name}.{gate}") for gate in ("way", "room")]
        yield tuple(stack.enter_context(path.open("w")).fileno() for path in paths)  # type: ignore[misc]
        for path in paths:
            path.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def company(request: pytest.FixtureRequest, gates: tuple[int, int]) -> Iterator[None]:
    """Tests run in two processes; one that is marked `alone`, because it measures time, has the machine to itself."""
    way, room = gates
    fcntl.flock(way, fcntl.LOCK_EX)  # whoever waits to be alone stands in the way, so that nobody else comes in meanwhile
    fcntl.flock(room, fcntl.LOCK_EX if request.node.get_closest_marker("alone") else fcntl.LOCK_SH)
    fcntl.flock(way, fcntl.LOCK_UN)
    yield
    fcntl.flock(room, fcntl.LOCK_UN)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack()


@pytest.fixture(scope="session")
def engine(pack: Pack) -> Engine:
    engine = Engine(pack, PlainReader(pack).prepared())
    gc.freeze()  # as `doorstep web` does
    return engine


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    cluster.execute("CREATE DATABASE template")
    store = Store(cluster.url("template"))
    schema.upgrade(store)
    store.engine.dispose()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "doorstep.db"
    store = Store(f"sqlite:///{path}")
    schema.upgrade(store)
    store.engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(request.param)


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> str:
    """The URL of a fresh, migrated SQLite file."""
    path = tmp_path / "doorstep.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql(cluster: Cluster) -> str:
    """The URL of a fresh, migrated PostgreSQL database."""
    name = f"test{next(_numbers)}"
    cluster.execute(f"CREATE DATABASE {name} TEMPLATE template")
    return cluster.url(name)


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    store = Store(database)
    yield store
    await store.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The real time, by which no summary comes: tests run at any time of the day. Whichever wants one has its own clock."""
    monkeypatch.setattr("bot.hours.Hours.summaries_due", lambda _: [])
    return Clock()


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    await slack.start()
    yield slack
    await slack.stop()
    assert slack.faults == []


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    teams = FakeTeams()
    await teams.start()
    yield teams
    await teams.stop()
    assert teams.faults == []


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def settings(database: str, slack: FakeSlack, teams: FakeTeams, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database,
        doorstep_data=tmp_path,
        slack_bot_token=TOKEN,
        slack_signing_secret=SECRET,
        slack_api_url=slack.url,
        port=0,
        **teams.settings(),
    )


@pytest.fixture
async def house(settings: Settings, engine: Engine, clock: Clock) -> AsyncIterator[House]:
    """Everything in one process, with the playground; `house.address` is where it listens."""
    page, screen = WebPlatform(), Screen()
    house = await build(settings, page, TerminalPlatform(screen), clock=clock, engine=engine)
    app = make_app(house)
    Playground(page, house.gateway, clock, new_id).add_to(app)
    server = Server(app, "127.0.0.1", 0)
    await server.start()
    house.address = f"http://127.0.0.1:{server.port}"  # type: ignore[attr-defined]
    house.page, house.screen = page, screen  # type: ignore[attr-defined]
    yield house
    await server.stop()
    await house.close()


@pytest.fixture
def client(house: House, session: aiohttp.ClientSession) -> SlackClient:
    return SlackClient(house.address, session)  # type: ignore[attr-defined]


@pytest.fixture
def slack_talk(slack: FakeSlack, client: SlackClient, clock: Clock) -> SlackTalk:
    return SlackTalk(slack, client, lambda: clock.move(seconds=3))


@pytest.fixture
def teams_client(house: House, teams: FakeTeams, session: aiohttp.ClientSession) -> TeamsClient:
    return TeamsClient(house.address, teams, session)  # type: ignore[attr-defined]


@pytest.fixture
def teams_talk(teams: FakeTeams, teams_client: TeamsClient, clock: Clock) -> TeamsTalk:
    return TeamsTalk(teams, teams_client, lambda: clock.move(seconds=3))


@pytest.fixture
def web_talk(house: House, session: aiohttp.ClientSession, clock: Clock) -> WebTalk:
    return WebTalk(house.page, house.address, session, lambda: clock.move(seconds=3))  # type: ignore[attr-defined]


@pytest.fixture
def terminal_talk(house: House, clock: Clock) -> TerminalTalk:
    return TerminalTalk(house.gateway, house.screen, clock, lambda: clock.move(seconds=3))  # type: ignore[attr-defined]


@pytest.fixture(params=["slack", "teams", "web", "terminal"])
def talk(
    request: pytest.FixtureRequest, slack_talk: SlackTalk, teams_talk: TeamsTalk, web_talk: WebTalk, terminal_talk: TerminalTalk
) -> Talk:
    """A person on each platform in turn."""
    return {"slack": slack_talk, "teams": teams_talk, "web": web_talk, "terminal": terminal_talk}[request.param]


@pytest.fixture(params=["slack", "teams", "web"])
def card_talk(request: pytest.FixtureRequest, slack_talk: SlackTalk, teams_talk: TeamsTalk, web_talk: WebTalk) -> Talk:
    """A person on each platform whose cards can be tapped long after and edited where they stand."""
    return {"slack": slack_talk, "teams": teams_talk, "web": web_talk}[request.param]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--approve", action="store_true", help="write the golden files anew")
