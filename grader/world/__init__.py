"""The simulated world: a pure, deterministic `step(turn) -> reply`.

No asyncio, no sockets, no real time. Instants are integer nanoseconds since the run
began. Everything a judge-held law rests on is recorded here.
"""
