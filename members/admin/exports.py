"""What files of members hold."""

from django.utils.translation import gettext_lazy as _

from mall.core.admin.columns import moment
from mall.core.admin.lists import ExportColumn, masked_name, masked_number

MEMBER_COLUMNS = (
    ExportColumn(_("会员号"), lambda row: row.public_id),
    ExportColumn(_("昵称"), lambda row: row.nickname, masked_name),
    ExportColumn(_("手机号"), lambda row: row.phone, masked_number),
    ExportColumn(_("头衔"), lambda row: row.member_title),
    ExportColumn(
        _("推荐人"),
        lambda row: str(row.referrer or ""),
        lambda row: masked_name(row.referrer) if row.referrer else "",
    ),
    ExportColumn(_("加入时间"), lambda row: moment(row.joined_at)),
)
