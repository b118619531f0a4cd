"""Messages, help and tickets, and the share card."""

from django.urls import path

from . import views

app_name = "service"
urlpatterns = [
    path("messages", views.message_list, name="messages"),
    path("messages/read", views.read_all, name="messages-read"),
    path("messages/switches", views.switches, name="message-switches"),
    path("messages/<int:message_id>", views.open_message, name="message"),
    path("help", views.help_page, name="help"),
    path("help/wecom.svg", views.wecom, name="wecom"),
    path("help/<slug:slug>", views.article, name="article"),
    path("support", views.ticket_list, name="tickets"),
    path("support/new", views.ticket_new, name="ticket-new"),
    path("support/<slug:number>", views.ticket, name="ticket"),
    path("support/<slug:number>/close", views.ticket_close, name="ticket-close"),
    path("support/<slug:number>/reopen", views.ticket_reopen, name="ticket-reopen"),
    path("support/<slug:number>/praise", views.ticket_praise, name="ticket-praise"),
    path("support/<slug:number>/photos/<int:photo_id>", views.ticket_photo, name="ticket-photo"),
    path("wx/jssdk", views.js_sdk, name="js-sdk"),
]
