"""What a service answers when it does not do what was asked."""


def N_(sentence: str) -> str:
    """Mark a French sentence for translation; the screen translates it when it shows it."""
    return sentence


class Refusal(Exception):
    """Something was refused; nothing was changed. `sentence` is fit for the screen and says what to do.

    `values` fill the %(name)s of the sentence; `field` names the field of the form that is at fault.
    """

    sentence = N_("Ce n’est pas possible.")
    field: str | None = None

    def __init__(self, **values: object) -> None:
        super().__init__()
        self.values = values

    def __str__(self) -> str:
        return self.sentence % self.values
