from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "onboarding"
    verbose_name = "供应商入驻"
    default_auto_field = "django.db.models.BigAutoField"
