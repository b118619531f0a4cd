"""What words may not stand in materials that shopkeepers share; deadlines and limits of appeals and questions. Pure."""

from datetime import datetime, timedelta

from mall.core.ids import SHANGHAI

# Promises of money for nothing, and rewards for sharing itself: platforms block them, and they are not true here.
MONEY = ("稳赚", "躺赚", "躺着赚", "包赚", "保本", "日入", "月入", "暴富", "一本万利", "零风险", "拉人头", "人头费")
SHARING = (
    "分享得红包",
    "分享领红包",
    "转发得红包",
    "转发领红包",
    "分享有奖",
    "转发有奖",
    "集赞",
    "助力",
    "砍一刀",
    "砍价",
)
# What the law on advertising forbids, of goods in general and of food in particular.
ABSOLUTE = ("国家级", "最高级", "顶级", "极品", "全网第一", "全国第一", "世界第一", "绝无仅有", "史无前例", "永久有效")
CURES = ("治疗", "治愈", "根治", "疗效", "包治", "抗癌", "防癌", "降血压", "降血糖", "药到病除", "替代药物")
FORBIDDEN = (*MONEY, *SHARING, *ABSOLUTE, *CURES)

# How much of a product is left: few at LOW_MAX, and enough again only above PLENTY_MIN, so that a sale and a return
# at the edge say nothing.
LOW_MAX = 10
PLENTY_MIN = 20

# Appeals, and questions why there was nothing.
TEXT_MAX = 1000
PHOTOS_MAX = 6
APPEALS_A_DAY_MAX = 5
POSTS_AN_HOUR_MAX = 20
ANSWER_WORKING_DAYS = 2
REOPEN_DAYS = 7
# So long after a decision the same thing may be doubted anew.
AGAIN_DAYS = 30
QUESTIONS_A_DAY_MAX = 20

SATURDAY = 5


def forbidden_words(text: str) -> list[str]:
    """Return the words in a text that may not stand there, in the order of the list. Spaces do not hide them."""
    packed = "".join(text.split())
    return [word for word in FORBIDDEN if word in packed]


def after_working_days(at: datetime, days: int) -> datetime:
    """Return the instant so many working days (Monday to Friday in Shanghai) later, at the same time of day."""
    local = at.astimezone(SHANGHAI)
    while days:
        local += timedelta(days=1)
        if local.weekday() < SATURDAY:
            days -= 1
    return local.astimezone(at.tzinfo)
