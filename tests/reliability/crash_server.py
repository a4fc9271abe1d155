"""A Doorstep that dies with kill -9 when it comes to a given step. Started by the crash test in a process of its own.

    python -m tests.reliability.crash_server STEP SECONDS_AHEAD

prints its port once it listens. The clock may run ahead, so that leases of the dead process have run out after a restart.
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta

from adapters import settings
from adapters.http import Server, make_app
from adapters.wiring import build


async def main(deadly: str, ahead: float) -> None:
    def at(step: str) -> None:
        if step == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    house = await build(settings.load(), clock=lambda: datetime.now(UTC) + timedelta(seconds=ahead), at=at)
    server = Server(make_app(house), "127.0.0.1", 0)
    await server.start()
    house.worker.start()
    print(server.port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
