"""The agent's pages: `desk` is what one is and does, `money` what one has, `team` whom one brought in and leads;
`shop`, `goods`, `sharing` and `materials` are what one sells and shares."""

from .appeals import appeal, appeal_again, appeal_new, appeal_photo, appeals
from .calendar import calendar
from .contract import accept, changes, contract
from .customers import customer, customer_notes, customer_reminders, customer_tags, customers
from .desk import home, notices, progress, rules, tasks
from .goods import goods, put_in_shop
from .joining import join, shopkeeper, sign
from .materials import material, materials, use_material
from .money import commission, earnings, frozen, trace
from .orders import orders
from .payees import account_new, account_remove, accounts, kyc, payout_confirm
from .proof import proof, proof_download
from .ranks import rank
from .samples import sample_new, sample_withdraw, samples
from .sharing import poster, poster_image, share, share_stats
from .shop import item_words, profile, shop, shop_item, shop_words
from .statements import statement, statement_csv, statement_pdf, statements
from .team import team_list, team_moves, team_node, team_tree
from .why import why
from .withdrawing import withdraw, withdrawal, withdrawal_check, withdrawals

__all__ = [
    "accept",
    "account_new",
    "account_remove",
    "accounts",
    "appeal",
    "appeal_again",
    "appeal_new",
    "appeal_photo",
    "appeals",
    "calendar",
    "changes",
    "commission",
    "contract",
    "customer",
    "customer_notes",
    "customer_reminders",
    "customer_tags",
    "customers",
    "earnings",
    "frozen",
    "goods",
    "home",
    "item_words",
    "join",
    "kyc",
    "material",
    "materials",
    "notices",
    "orders",
    "payout_confirm",
    "poster",
    "poster_image",
    "profile",
    "progress",
    "proof",
    "proof_download",
    "put_in_shop",
    "rank",
    "rules",
    "sample_new",
    "sample_withdraw",
    "samples",
    "share",
    "share_stats",
    "shop",
    "shop_item",
    "shop_words",
    "shopkeeper",
    "sign",
    "statement",
    "statement_csv",
    "statement_pdf",
    "statements",
    "tasks",
    "team_list",
    "team_moves",
    "team_node",
    "team_tree",
    "trace",
    "use_material",
    "why",
    "withdraw",
    "withdrawal",
    "withdrawal_check",
    "withdrawals",
]
