"""Why something cannot be done, in words for people."""


class ReviewRefused(Exception):
    """A product cannot be submitted, approved or changed now. The text is for people; nothing was changed."""


class PermitMissing(ReviewRefused):
    """The category of a product asks for a permit that its supplier does not have, or not any more."""
