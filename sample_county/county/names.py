"""Invented names and addresses: no place, saint, trust or postcode here is meant to exist."""

import numpy as np


def _words(listed: str) -> list[str]:
    """Names separated by bars."""
    return listed.split("|")


_STEMS = _words(
    "Otter|Quill|Marrow|Thistle|Pebble|Lantern|Kestrel|Bobbin|Clover|Damson|Ember|Fennel|Gorse|Hazelnut|Inkle|"
    "Juniper|Kittle|Larkspur|Merrow|Nettle|Oakapple|Primrose|Quince|Russet|Sorrel|Teasel|Umber|Velvet|Wren|Yarrow|"
    "Zinnia|Bramble|Cobnut|Dapple|Elder|Foxglove|Glimmer|Heron|Ivory|Jasper"
)
_ENDINGS = _words("wick|mere|combe|ford|holt|by|stead|ley|worth|den|hurst|bourne|field|grove|marsh")
_SAINTS = _words("Fennelda|Quillan|Tanswyn|Perrinella|Oswick|Merrowen|Yarrowby|Elderic|Glimmond|Zélie")
_PREFIXES = ("", "Upper ", "Lower ", "Nether ", "Far ")
TOWNS = _words(
    "Otterwick|Quillmere|Thistlecombe|Great Pebblestead|Lanternford|Kestrelholt|Little Bobbinley|Damsonworth|"
    "Fennelbourne|Gorsefield|Russetmarsh|Sorrelden"
)
CONSTITUENCIES = _words(
    "North Exampleshire|East Exampleshire|South Exampleshire|West Exampleshire|Mid Exampleshire|"
    "Otterwick and Quillmere|Lanternford"
)
REGIONS = (
    "East of England",
    "East Midlands",
    "London",
    "North East",
    "North West",
    "South East",
    "South West",
    "West Midlands",
    "Yorkshire and the Humber",
)
TRUST_WORDS = _words(
    "Kingfisher|Copper Beech|Lanternlight|Tall Ships|Harvest Moon|Bright Furrow|Silver Birch Way|Long Meadow|"
    "Windmill Vale|Open Orchard|River and Reed|Chalk Stream"
)


class Namer:
    """Hands out place names, each once: plain, then 'Upper', 'Lower', … and numbered when all are used up."""

    def __init__(self, rng: np.random.Generator) -> None:
        places = [stem + ending for stem in _STEMS for ending in _ENDINGS]
        self._stock = [places[i] for i in rng.permutation(len(places)).tolist()]
        self._next = 0

    def place(self) -> str:
        turn, index = divmod(self._next, len(self._stock))
        self._next += 1
        again, prefix = divmod(turn, len(_PREFIXES))
        return _PREFIXES[prefix] + self._stock[index] + (f" {again + 1}" if again else "")

    def school(self, kind: str, religion: str, is_academy: bool) -> str:
        """A school's name in the manner of its kind, e.g. 'Otterwick Church of England Primary School'."""
        place = self.place()
        faith = {"Church of England": "Church of England ", "Roman Catholic": "Catholic "}.get(religion, "")
        if religion == "Roman Catholic":
            place = f"St {_SAINTS[self._next % len(_SAINTS)]}'s {place}"
        last = "Academy" if is_academy and self._next % 3 == 0 else "School"
        return {
            "nursery": f"{place} Nursery School",
            "infant": f"{place} {faith}Infant and Nursery School",
            "first": f"{place} {faith}First School",
            "junior": f"{place} {faith}Junior School",
            "primary": f"{place} {faith}Primary {last}",
            "middle": f"{place} {faith}Middle School",
            "upper": f"{place} Upper School",
            "secondary": f"{place} {faith}{'Academy' if last == 'Academy' else 'High School'}",
            "all_through": f"{place} All-Through {last}",
            "utc": f"{place} University Technical College",
            "special": f"{place} Special {last}",
            "pru": f"{place} Education Support Centre",
            "independent": f"{place} College",
            "independent_special": f"{place} House School",
            "fe": f"{place} Further Education College",
            "consortium": f"{place} Joint Sixth Form",
        }[kind]


def postcode(area: str, number: int) -> str:
    """An unused postcode area ('XA', 'XB'), so that no real address can be meant."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    inward = letters[number // 20 % 20] + letters[number % 20]
    return f"{area}{1 + number // 4000 % 20} {number // 400 % 10}{inward}"
