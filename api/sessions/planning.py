"""The plan that a session gets of a routine."""

from api.catalogue.service import languages_for
from api.catalogue.shelf import Content
from api.domain.language import look_up
from api.domain.value import FALLBACK
from api.routines.service import Plan, plan_for

LEVEL_WITHOUT_SCREENING = 0


def plan_in(content: Content, routine: str, asked: str | None, usual: str) -> Plan | None:
    """The routine at the level that is safe for somebody whose screening is not known, in the nearest language.

    One that nobody has reviewed is spoken only when it is asked for by its own name. None for an unknown routine.
    """
    if routine not in content.routines:
        return None
    nearest = look_up([asked or usual], languages_for(content, None), FALLBACK)
    spoken = asked if asked and asked in content.languages else nearest
    return plan_for(content, routine, level=LEVEL_WITHOUT_SCREENING, language=spoken, ask_first=True)
