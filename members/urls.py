"""The member's own data, the account and its safety, consents, and logging in by WeChat."""

from django.urls import path

from .views import addresses, privacy, profile, security, wechat

app_name = "members"
urlpatterns = [
    path("me/profile/", profile.profile, name="profile"),
    path("me/addresses/", addresses.address_list, name="addresses"),
    path("me/addresses/new/", addresses.address_new, name="address-new"),
    path("me/addresses/regions/", addresses.regions, name="regions"),
    path("me/addresses/<int:address_id>/", addresses.address_edit, name="address-edit"),
    path("me/addresses/<int:address_id>/default/", addresses.address_default, name="address-default"),
    path("me/addresses/<int:address_id>/delete/", addresses.address_delete, name="address-delete"),
    path("me/settings/", profile.preferences, name="preferences"),
    path("me/security/", security.security, name="security"),
    path("me/security/confirm/", security.confirm, name="confirm"),
    path("me/security/devices/<int:session_id>/end/", security.end_session, name="end-session"),
    path("me/security/devices/end/", security.end_others, name="end-others"),
    path("me/security/phone/", security.phone, name="phone"),
    path("me/security/phone/code/", security.phone_code, name="phone-code"),
    path("me/security/phone/stop/", security.stop_change, name="stop-phone-change"),
    path("me/security/merge/", security.merge, name="merge"),
    path("me/security/wechat/unbind/", wechat.unbind, name="wechat-unbind"),
    path("me/privacy/", privacy.privacy, name="privacy"),
    path("me/privacy/consents/", privacy.history, name="consents"),
    path("me/privacy/consents/<str:kind>/", privacy.decide, name="consent"),
    path("me/privacy/data/", privacy.data, name="data"),
    path("me/privacy/export/", privacy.export, name="export"),
    path("me/privacy/export/<str:token>/", privacy.download, name="download"),
    path("me/privacy/close/", privacy.close, name="close"),
    path("me/privacy/close/off/", privacy.call_off, name="call-off"),
    path("agreements/<str:kind>/", privacy.agreement, name="agreement"),
    path("agreements/<str:kind>/<int:version>/", privacy.agreement, name="agreement-version"),
    path("wx/login", wechat.login, name="wechat-login"),
    path("wx/enter", wechat.enter, name="wechat-enter"),
    path("wx/callback", wechat.callback, name="wechat-callback"),
    path("wx/join", wechat.join, name="wechat-join"),
    path("text-size", profile.choose_text_size, name="text-size"),
    path("demo/outbox", profile.outbox, name="outbox"),
]
