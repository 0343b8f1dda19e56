"""A routine as it is for one person: what stays, what stands in for something else, and what has no safe form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.domain.screening import STAYS, Permission, Permitted


@dataclass(frozen=True, slots=True)
class AdaptedItem:
    """One item of a routine, whatever became of it. `exercise` is None where nothing is done at its place.

    `permission` is that of the planned exercise, `stand_in` that of the one done instead. `covered_by` names the
    exercise of this routine that would have stood in for it and is there already.
    """

    planned: str
    exercise: str | None
    permission: Permission
    stand_in: Permission | None = None
    covered_by: str | None = None

    @property
    def asks_first(self) -> bool:
        """Whether what is done is to be asked about."""
        return (self.stand_in or self.permission).effect is Permitted.ASK


def adapt(items: Iterable[str], permissions: Mapping[str, Permission]) -> tuple[AdaptedItem, ...]:
    """Every item in its order, none dropped: as planned, swapped, covered by another one, or without a safe form."""
    planned = tuple(items)
    done = {name for name in planned if permissions[name].effect in STAYS}
    adapted = []
    for name in planned:
        permission = permissions[name]
        other = permission.alternative
        if permission.effect in STAYS:
            adapted.append(AdaptedItem(name, name, permission))
        elif other is None or other in done:
            adapted.append(AdaptedItem(name, None, permission, covered_by=other))
        else:
            adapted.append(AdaptedItem(name, other, permission, stand_in=permissions[other]))
            done.add(other)
    return tuple(adapted)
