"""What sending costs: integers in, integers out.

Everything of a supplier that goes by one tariff is one parcel. A parcel costs the fee for its first units, and a fee
for every further step begun; from the tariff's free amount on nothing. Several tariffs of a supplier add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

# Short names of the provinces, in the usual order; no one begins like another.
PROVINCES = (
    *("北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建"),
    *("江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏"),
    *("陕西", "甘肃", "青海", "宁夏", "新疆", "台湾", "香港", "澳门"),
)


@dataclass(frozen=True, slots=True)
class Fees:
    """For the first `first_unit` units `first_fee_fen`, for every further `step_unit` begun `step_fee_fen`."""

    first_unit: int
    first_fee_fen: int
    step_unit: int
    step_fee_fen: int

    def fee_fen(self, units: int) -> int:
        """Return what so many units cost."""
        steps = -(-max(0, units - self.first_unit) // self.step_unit)
        return self.first_fee_fen + steps * self.step_fee_fen


@dataclass(frozen=True, slots=True)
class Tariff:
    """Fees by province; `regions` go before `fees`, the first that names the province counts."""

    fees: Fees
    by_weight: bool = False
    regions: Sequence[tuple[frozenset[str], Fees]] = ()
    free_above_fen: int | None = None
    unserved: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes by one tariff: pieces, grams, and what the goods cost."""

    pieces: int
    weight_g: int
    amount_fen: int


def province_of(name: str) -> str:
    """Return the short name of a province (`新疆` of `新疆维吾尔自治区`), or nothing where there is none."""
    text = name.strip()
    return next((province for province in PROVINCES if text.startswith(province)), "")


def parcel_fee(tariff: Tariff, parcel: Parcel, *, province: str) -> int | None:
    """Return what a parcel costs to a province (short name), in fen. None where it is not sent there."""
    if province in tariff.unserved:
        return None
    if tariff.free_above_fen is not None and parcel.amount_fen >= tariff.free_above_fen:
        return 0
    fees = next((fees for provinces, fees in tariff.regions if province in provinces), tariff.fees)
    return fees.fee_fen(parcel.weight_g if tariff.by_weight else parcel.pieces)
