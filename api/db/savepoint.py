"""Part of a unit that may fail by itself: undone alone, while the unit goes on."""

import logging
from collections.abc import Callable

from sqlalchemy import Connection

from api.db.failures import described, is_read_only, is_weather
from api.db.prepared import tell

log = logging.getLogger(__name__)


def attempt(db: Connection, work: Callable[[], object]) -> bool:
    """Whether the work was done; a mistake of ours in it is logged and undone. The weather is the store's, as ever.

    Not to be nested.
    """
    tell(db, "SAVEPOINT attempt", [()])
    try:
        work()
    except Exception as error:
        if is_weather(error) or is_read_only(error):
            raise
        log.error("A part of a unit was undone: %s", described(error))  # noqa: TRY400 - a traceback may tell values
        tell(db, "ROLLBACK TO SAVEPOINT attempt", [()])
        return False
    tell(db, "RELEASE SAVEPOINT attempt", [()])
    return True
