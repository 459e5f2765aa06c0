"""The asset groups in the flow's order. The number in front makes the web page, which sorts by name, keep it.

`ROOMS` is the one list of the rooms of the warehouse, as `dbt_project/models/` and `dbt_project/seeds/` have them: a
model reads models and seeds of its own room and of those before it.
"""

ROOMS = (
    "staging",
    "cells",
    "schools",
    "inspections",
    "observations",
    "comparisons",
    "reviews",
    "screen",
    "ratings",
    "kpis",
    "support",
    "lists",
    "quality",
)
_GROUPS = ("raw", "landing", "seeds", *ROOMS, "publication")
_NUMBERED = {name: f"{place:02}_{name}" for place, name in enumerate(_GROUPS, 1)}

RAW = _NUMBERED["raw"]
LANDING = _NUMBERED["landing"]
SEEDS = _NUMBERED["seeds"]
PUBLICATION = _NUMBERED["publication"]


def group_of_room(room: str) -> str:
    """The asset group of a room of the warehouse. Raises KeyError for a folder that is no room."""
    return _NUMBERED[room]
