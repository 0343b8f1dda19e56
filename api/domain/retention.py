"""How long what nobody needs any more is kept."""

from datetime import timedelta

TOMBSTONES_KEPT = timedelta(days=400)
"""For so long other devices hear of a deletion, and the id answers `gone`.

Who has heard of nothing for longer cannot be told what was deleted meanwhile, and has to begin with everything anew.
"""
RECEIPTS_KEPT = timedelta(days=30)
"""For so long who asked for an erasure, and lost the answer, is told again."""
