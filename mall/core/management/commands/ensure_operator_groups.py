from django.core.management.base import BaseCommand

from mall.core.rights import GROUPS, ensure_groups


class Command(BaseCommand):
    """Writes the operators' groups and their rights; safe to repeat after every migration."""

    help = "Write the groups of operators and what each may do."

    def handle(self, **options: object) -> None:
        for name, group in ensure_groups().items():
            self.stdout.write(f"{name} {GROUPS[name][0]}: {group.permissions.count()} rights")
