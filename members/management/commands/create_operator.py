import getpass
from argparse import ArgumentParser

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from mall.core import clock
from members import commands
from members.rules import normal_phone


class Command(BaseCommand):
    """Registers an operator who signs in to /ops/."""

    help = "Register an operator by phone number; asks for the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("phone")
        parser.add_argument("--nickname", default="")
        parser.add_argument("--superuser", action="store_true", help="may do everything, and give rights to others")

    def handle(self, *, phone: str, nickname: str, superuser: bool, **options: object) -> None:
        try:
            number = normal_phone(phone)
        except ValueError as error:
            raise CommandError("that is not a mainland mobile number") from error
        password = getpass.getpass("Password: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        member = commands.create_operator(
            phone=number, nickname=nickname, password=password, is_superuser=superuser, at=clock.now()
        )
        self.stdout.write(f"{member.public_id} may sign in to /ops/")
