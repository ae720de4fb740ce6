"""Three drivers, one page: see README.md."""

from dataclasses import dataclass
from typing import Any

PgPool = Any
MongoDb = Any
MySqlPool = Any


@dataclass(frozen=True)
class Dashboard:
    """What stands on the page; ``stock`` is None if MySQL has failed."""

    user: dict[str, Any]
    orders: list[dict[str, Any]]
    stock: dict[str, int] | None


async def dashboard(
    pg: PgPool, mongo: MongoDb, mysql: MySqlPool, user_id: int
) -> Dashboard:
    """Ask all three databases at once; return the page of that user.

    Raises LookupError if there is no such user. An error of PostgreSQL or MongoDB is
    raised as it is, and by then nothing else runs. Every connection is given back.
    """
    raise NotImplementedError
