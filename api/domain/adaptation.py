"""A routine as it is for one person: what stays, what stands in for something else, and what has no safe form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.domain.screening import Permission, Permitted

STAYS = (Permitted.ALLOW, Permitted.CAUTION, Permitted.ASK)


@dataclass(frozen=True, slots=True)
class AdaptedItem:
    """One item of a routine, whatever became of it. `exercise` is None where nothing is done at its place.

    `covered_by` names the exercise of this routine that would have stood in for it and is there already.
    """

    planned: str
    exercise: str | None
    permission: Permission
    covered_by: str | None = None

    @property
    def is_swapped(self) -> bool:
        return self.exercise is not None and self.exercise != self.planned

    @property
    def asks_first(self) -> bool:
        return self.exercise is not None and self.permission.effect is Permitted.ASK


def adapt(items: Iterable[str], permissions: Mapping[str, Permission]) -> tuple[AdaptedItem, ...]:
    """Every item in its order, none dropped: as planned, swapped, covered by another one, or without a safe form."""
    planned = tuple(items)
    done = {name for name in planned if permissions[name].effect in STAYS}
    adapted = []
    for name in planned:
        permission = permissions[name]
        if permission.effect in STAYS:
            adapted.append(AdaptedItem(name, name, permission))
        elif permission.alternative in done:
            adapted.append(AdaptedItem(name, None, permission, covered_by=permission.alternative))
        else:
            adapted.append(AdaptedItem(name, permission.alternative, permission))
            done |= {permission.alternative} if permission.alternative else set()
    return tuple(adapted)
