"""What the demo's operators find of suppliers: a firm that waits to become one, and a paper that waits for a look."""

from datetime import date, datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

import members.commands
import onboarding.commands
import suppliers.commands
from mall.core.faces import serif_face
from mall.core.ids import SHANGHAI
from mall.core.photos import Photo, kept_photos
from members.queries import text_in_force
from onboarding.commands import Company, PaperGiven
from suppliers.models import Category, Qualification, SupplierUser

FIRM = Company(
    shop_name="云岭茶坊",
    company_name="勐海云岭茶业有限公司",
    licence_number="91532822MA6K5X7T0K",
    legal_person="岩温",
    address="云南省西双版纳傣族自治州勐海县格朗和乡 12 号",
    contact_name="岩温",
    contact_phone="+8613800000031",
)
PERMIT = "SC11453282200017"
FOLDER = "papers"
WIDTH, HEIGHT = 900, 640


def suppliers_apply(*, at: datetime) -> None:
    """Let a firm apply and wait, and a supplier hand in a newer inspection report."""
    member = members.commands.register_member(
        phone=FIRM.contact_phone, nickname=FIRM.legal_person, referrer=None, at=at - timedelta(days=3)
    )
    begun, until = at - timedelta(days=2), _day(at) + timedelta(days=900)
    application = onboarding.commands.start_application(member=member, at=begun)
    onboarding.commands.save_company(application=application, company=FIRM, at=begun)
    drawn = [
        _drawn("营业执照", [FIRM.company_name, FIRM.licence_number, f"法定代表人  {FIRM.legal_person}", "长期"]),
        _drawn("食品生产许可证", [FIRM.company_name, PERMIT, f"有效期至  {until.isoformat()}"]),
    ]
    with kept_photos(drawn, folder=FOLDER, at=begun, private=True) as (licence, permit):
        onboarding.commands.save_papers(
            application=application,
            categories=list(Category.objects.filter(parent__slug="tea").order_by("lft")[:2]),
            papers=[
                PaperGiven(kind="business", number="", valid_until=None, picture=licence),
                PaperGiven(kind="production", number=PERMIT, valid_until=until, picture=permit),
            ],
            at=begun,
        )
    onboarding.commands.save_bank(
        application=application,
        holder=FIRM.company_name,
        bank_name="农业银行勐海县支行",
        number="6228480868812345670",
        at=begun,
    )
    version = text_in_force(kind="supplier").version
    onboarding.commands.sign_agreement(application=application, version=version, name=FIRM.legal_person, at=begun)
    onboarding.commands.submit_application(application=application, at=at - timedelta(days=1))
    _renew_report(at)


def _renew_report(at: datetime) -> None:
    old = Qualification.objects.filter(kind="inspection").select_related("supplier").first()
    if old is None:
        return
    until = _day(at) + timedelta(days=365)
    number = "JC-2027-0103"
    drawn = _drawn("检验报告", [old.supplier.name, number, "农药残留  未检出", f"有效期至  {until.isoformat()}"])
    owner = SupplierUser.objects.filter(supplier=old.supplier).select_related("member").order_by("pk").first()
    with kept_photos([drawn], folder=FOLDER, at=at, private=True) as (picture,):
        suppliers.commands.submit_paper(
            supplier=old.supplier,
            kind=old.kind,
            title=old.title,
            number=number,
            picture=picture,
            valid_until=until,
            replaces=old,
            by=owner.member if owner else None,
            at=at - timedelta(hours=5),
        )


def _drawn(title: str, lines: list[str]) -> Photo:
    """Draw a paper as one looks: a frame, a title, some lines and a seal, and that it is of a demo."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), "#fbf7ea")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((24, 24, WIDTH - 24, HEIGHT - 24), outline="#b08d4a", width=6)
    pen.rectangle((40, 40, WIDTH - 40, HEIGHT - 40), outline="#d9c493", width=2)
    large, plain = (ImageFont.truetype(str(serif_face()), size) for size in (58, 32))
    pen.text((WIDTH // 2, 130), title, font=large, fill="#2b2620", anchor="mm")
    for number, line in enumerate(lines):
        pen.text((110, 230 + 62 * number), line, font=plain, fill="#2b2620")
    pen.ellipse((WIDTH - 270, HEIGHT - 270, WIDTH - 110, HEIGHT - 110), outline="#c8341b", width=5)
    pen.text((WIDTH - 190, HEIGHT - 190), "演示", font=large, fill="#c8341b", anchor="mm")
    file = BytesIO()
    sheet.save(file, "WEBP", quality=82)
    return Photo(content=file.getvalue(), width=WIDTH, height=HEIGHT)


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
