"""Provinces, cities and districts: what an address may name, and what a line of text begins with."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

# What people leave out when they write a name: 浙江 for 浙江省, 西湖 for 西湖区.
_ENDINGS = (
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "地区",
    "新区",
    "林区",
    "省",
    "市",
    "区",
    "县",
    "盟",
    "旗",
    "州",
)
_SHORTEST = 2
# After a shortened name none of these may follow: 朝阳 in 朝阳区 is no shortened 朝阳市.
_NEVER_AFTER_SHORT = frozenset("省市区县州盟旗")


@dataclass(frozen=True, slots=True)
class Region:
    """A place as far as it is known; what is not is empty."""

    province: str = ""
    city: str = ""
    district: str = ""

    @property
    def depth(self) -> int:
        return sum(map(bool, (self.province, self.city, self.district)))


@cache
def _tree() -> dict[str, dict[str, tuple[str, ...]]]:
    tree: dict[str, dict[str, tuple[str, ...]]] = {}
    for line in Path(__file__).with_name("regions.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            province, city, *districts = line.split()
            tree.setdefault(province, {})[city] = tuple(districts)
    return tree


def provinces() -> list[str]:
    """Return all provinces, in the order of their official codes."""
    return list(_tree())


def cities(province: str) -> list[str]:
    """Return the cities of a province; none for an unknown one."""
    return list(_tree().get(province, {}))


def districts(province: str, city: str) -> list[str]:
    """Return the districts of a city; some cities have none."""
    return list(_tree().get(province, {}).get(city, ()))


def is_region(province: str, city: str, district: str) -> bool:
    """Say whether the three belong together. A city's district is needed where the city has any."""
    known = _tree().get(province, {}).get(city)
    return known is not None and (district in known if known else not district)


def find_region(text: str) -> tuple[Region, int, int]:
    """Return the place that a text without spaces names, and where the naming begins and ends.

    Names may be shortened (浙江杭州西湖), and a province or city may be left out where the rest names one place alone.
    The longest and earliest naming wins; nothing found is an empty region at (0, 0).
    """
    best = (Region(), 0, 0)
    for start in range(len(text)):
        for region, end in _namings(text, start):
            if (region.depth, end - start) > (best[0].depth, best[2] - best[1]):
                best = (region, start, end)
        if best[0].depth == 3:
            break
    return best


def _namings(text: str, start: int) -> list[tuple[Region, int]]:
    """Return what the text names from `start` on: province first, or a city, or a district that stands alone."""
    found = []
    for region, end in _starting(text, start, _by_province()):
        found += [(region, end), *_cities_from(text, end, region.province)]
    for region, end in _starting(text, start, _by_city()):
        found += [(region, end), *_districts_from(text, end, region.province, region.city)]
    return found + _starting(text, start, _by_district())


def _cities_from(text: str, start: int, province: str) -> list[tuple[Region, int]]:
    found = []
    for city, below in _tree()[province].items():
        for end in _ends(text, start, city):
            found.append((Region(province, city), end))
            found += _districts_from(text, end, province, city)
        # The city is left out: 浙江省西湖区; or it repeats the province: 上海市浦东新区.
        for district in below:
            found += [(Region(province, city, district), end) for end in _ends(text, start, district)]
    return found


def _districts_from(text: str, start: int, province: str, city: str) -> list[tuple[Region, int]]:
    return [
        (Region(province, city, district), end)
        for district in _tree()[province][city]
        for end in _ends(text, start, district)
    ]


def _ends(text: str, start: int, name: str) -> list[int]:
    """Return where the text stops naming `name` from `start` on: in full, or shortened."""
    return [start + len(spelling) for spelling in _spellings(name) if _stands(text, start, spelling, name)]


def _stands(text: str, start: int, spelling: str, name: str) -> bool:
    end = start + len(spelling)
    return text.startswith(spelling, start) and (spelling == name or text[end : end + 1] not in _NEVER_AFTER_SHORT)


@cache
def _spellings(name: str) -> tuple[str, ...]:
    """Return a name in full and shortened, the longest first."""
    shorter = {name.removesuffix(ending) for ending in _ENDINGS}
    return tuple(sorted({name, *(short for short in shorter if len(short) >= _SHORTEST)}, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class _Entry:
    """One way to spell a place; `name` is the whole name of its last part."""

    spelling: str
    name: str
    region: Region


def _starting(text: str, start: int, index: dict[str, list[_Entry]]) -> list[tuple[Region, int]]:
    return [
        (entry.region, start + len(entry.spelling))
        for entry in index.get(text[start : start + _SHORTEST], ())
        if _stands(text, start, entry.spelling, entry.name)
    ]


def _indexed(entries: list[_Entry]) -> dict[str, list[_Entry]]:
    index: dict[str, list[_Entry]] = {}
    for entry in entries:
        index.setdefault(entry.spelling[:_SHORTEST], []).append(entry)
    return index


@cache
def _by_province() -> dict[str, list[_Entry]]:
    return _indexed([_Entry(spelling, name, Region(name)) for name in _tree() for spelling in _spellings(name)])


@cache
def _by_city() -> dict[str, list[_Entry]]:
    return _indexed(
        [
            _Entry(spelling, city, Region(province, city))
            for province, below in _tree().items()
            for city in below
            for spelling in _spellings(city)
        ]
    )


@cache
def _by_district() -> dict[str, list[_Entry]]:
    """Districts in full whose name there is only once in the country."""
    places: dict[str, list[Region]] = {}
    for province, below in _tree().items():
        for city, names in below.items():
            for district in names:
                places.setdefault(district, []).append(Region(province, city, district))
    return _indexed([_Entry(name, name, found[0]) for name, found in places.items() if len(found) == 1])
