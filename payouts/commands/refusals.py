"""Why something cannot be done. The message is for people, `code` for whoever has to tell them apart."""


class Refusal(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class AskingRefused(Refusal):
    """Nothing can be withdrawn like this now. `code`: one of those of `queries.Obstacle`, or below_minimum."""


class DecisionRefused(Refusal):
    """This person cannot do this to the withdrawal now. `code`: unknown, not_waiting, own, same_person, no_reason,
    held, account_gone, not_by_hand, reference_taken, stopped, none, not_green, total."""


class AccountRefused(Refusal):
    """Name or account cannot be kept like this. `code`: name, id_number, id_taken, name_used, card, bank, alipay,
    no_name, no_wechat, in_use, unknown; of a correction own, no_reason, not_used, same."""


class BatchRefused(Exception):
    """A batch, its file or its results cannot be had like this; the message says why."""


class HoldRefused(Refusal):
    """The hold cannot be placed or released. `code`: own, no_reason, stands, none,
    unknown, not_asked, same_person, no_right."""


class NoticeRefused(Refusal):
    """A notice that is signed, but not about one of our transfers as it stands. `code`: unknown, different."""


class PolicyRefused(Exception):
    """The payout policy cannot be set like this; the message says why."""
