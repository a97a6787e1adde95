"""What can go wrong with the till: one exception per family, each with a French sentence fit for the screen.

`sentence` is what gettext translates (extracted through `N_`), `values` fills its placeholders, `detail` is raw text
for the log: one line, at most 500 characters, never the key.
"""

from typing import Final


def N_(sentence: str) -> str:
    """Mark a sentence for pybabel (`-k N_`) without translating it here."""
    return sentence


DETAIL_LIMIT = 500


class TillError(Exception):
    """The till could not be read. `str()` is the filled French sentence."""

    sentence: str = N_("La caisse n’a pas pu être lue. Réessayez plus tard.")
    transient = False  # whether asking again a little later may help
    detail: str
    values: dict[str, str]

    def __init__(self, detail: str = "", **values: str) -> None:
        super().__init__()
        self.detail = "".join(c if c.isprintable() else " " for c in detail[:DETAIL_LIMIT])
        self.values = values

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


class BadAddress(TillError):
    """The base address is not https, not Jalia's, or leads somewhere it must not."""

    sentence = N_(
        "L’adresse de la caisse est refusée\u00a0: il faut une adresse https:// de Jalia. Corrigez ce réglage."
    )


class TokenRefused(TillError):
    """401, or a key that no HTTP header can carry."""

    sentence = N_("Jalia refuse ce token. Vérifiez qu’il est copié en entier, ou demandez-en un autre à Jalia.")


class NotAllowed(TillError):
    """403: the key is good but may not read this resource (CONTRACT §2)."""

    sentence = N_(
        "Le token est bon, mais Jalia ne lui ouvre pas cette rubrique\u00a0: %(resource)s. "
        "Demandez cette permission à Jalia."
    )

    def __init__(self, resource: str = "", detail: str = "") -> None:
        super().__init__(detail, resource=resource)
        self.resource = resource


class Missing(TillError):
    """404: unknown to this till, or of another venue."""

    sentence = N_("La caisse ne connaît plus ce qui lui est demandé. Réessayez demain, puis prévenez l’assistance.")


class BadRequest(TillError):
    """400, 422 or another refusal of the question itself: asking again does not help."""

    sentence = N_("La caisse a refusé la question posée. Prévenez l’assistance de Somm’It.")


class TooManyCalls(TillError):
    """429. `retry_after` is in seconds, None when the till did not say."""

    sentence = N_("La caisse demande d’attendre avant d’être relue. La lecture reprendra d’elle-même.")
    transient = True

    def __init__(self, retry_after: float | None = None, detail: str = "") -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unreachable(TillError):
    """No usable answer: DNS, TLS, connection, time-out, 5xx. Raised once the retries are used up.

    `retry_after` is in seconds, None when the till did not say.
    """

    sentence = N_("La caisse ne répond pas. Vérifiez la connexion à internet\u00a0; la lecture sera retentée.")
    transient = True

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class NotJalia(TillError):
    """The answer is not what Jalia sends. `field` names the needed field at fault, if it is one."""

    sentence = N_("La réponse reçue ne vient pas de Jalia. Vérifiez la connexion à internet, puis réessayez.")
    field_sentence = N_(
        "La réponse de Jalia est illisible\u00a0: le champ «\u00a0%(field)s\u00a0» manque "
        "ou n’a pas la forme attendue. Prévenez l’assistance."
    )

    def __init__(self, detail: str = "", *, field: str | None = None) -> None:
        if field is None:
            super().__init__(detail)
        else:
            self.sentence = self.field_sentence
            super().__init__(detail, field=field)
        self.field = field


class CutShort(NotJalia):
    """The JSON stops in its middle, or there is none at all: an outage, worth asking again (CONTRACT §3.5)."""

    sentence = N_("La réponse de Jalia est arrivée coupée. La lecture sera retentée.")
    transient = True


class TooLarge(TillError):
    """More bytes, pages or levels than an honest till sends."""

    sentence = N_("La réponse de la caisse est démesurée\u00a0: elle a été refusée. Prévenez l’assistance de Somm’It.")


class Redirected(TillError):
    """A redirect: the key is never carried to another address."""

    sentence = N_(
        "La caisse renvoie vers une autre adresse\u00a0: par prudence, rien n’a été lu. Prévenez l’assistance."
    )


class OtherVenue(TillError):
    """The data belong to another location than the one known for this key (CONTRACT §6.1)."""

    sentence = N_("Ce token est celui d’un autre établissement\u00a0: rien n’a été importé. Collez celui du vôtre.")


class Inconsistent(TillError):
    """The closing's own figures differ by a factor of 100 (CONTRACT §3.1.6)."""

    sentence = N_(
        "Les totaux de cette clôture se contredisent (facteur 100)\u00a0: elle n’est pas importée. "
        "Prévenez l’assistance."
    )


#: Nobody is there, or what comes breaks off: it says nothing of the token, nor of what was asked.
SILENCES: Final = (Unreachable, CutShort)
