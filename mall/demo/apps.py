from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mall.demo"
    label = "demo"
