"""What this app keeps of a person."""

from django.utils.translation import gettext_lazy as _

from mall.core.personal import Fate, Holding

_APPLY = _("审核供应商入驻")
_FIELDS = (
    *("number", "stage", "shop_name", "company_name", "licence_number", "legal_person", "address"),
    *("contact_name", "contact_phone", "holder", "bank_name", "account_label", "signed_name", "signed_at"),
    *("started_at", "submitted_at", "decided_at", "reason"),
)
_OPEN = ("filling", "waiting", "returned", "rejected")

HOLDINGS = (
    Holding(
        model="onboarding.Application",
        name="supplier_applications",
        title=_("供应商入驻申请"),
        purpose=_APPLY,
        owner="applicant",
        fields=_FIELDS,
        where={"stage__in": _OPEN},
        fate=Fate.ERASED,
        anchors=True,
    ),
    Holding(
        model="onboarding.ApplicationPaper",
        name="supplier_application_papers",
        title=_("入驻申请里的证照"),
        purpose=_APPLY,
        owner="application__applicant",
        fields=("application__number", "kind", "number", "valid_until", "uploaded_at"),
        where={"application__stage__in": _OPEN},
        fate=Fate.ERASED,
        files={"picture": "private"},
    ),
    Holding(
        model="onboarding.Application",
        name="supplier_contract",
        title=_("供货合同的申请"),
        purpose=_("证明合同由谁、什么时候签署"),
        owner="applicant",
        fields=_FIELDS,
        where={"stage": "approved"},
        fate=Fate.KEPT,
        why=_("《电子商务法》要求核验并保存平台内经营者的身份和资质信息，自合作结束起不少于三年"),
        anchors=True,
    ),
)
