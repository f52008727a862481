"""Errors are a code and its parameters; the sentence is found by `core.sentences`, the HTTP status by the class."""


class Code(str):
    """A parameter that is itself a code: programs read the code, people its sentence."""


class Names(dict[str, str]):
    """A parameter that is a name in several languages (`{"zh": ..., "en": ...}`): people read the one of theirs."""


class DomainError(Exception):
    """Something the rules refuse, named by a stable code such as `case.wrong_stage`."""

    status = 400

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} ({given})" if given else self.code

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.code, self.params)


def _rebuild(kind: type[DomainError], code: str, params: dict[str, object]) -> DomainError:
    return kind(code, **params)


class Invalid(DomainError):
    """What was given cannot be understood or breaks a rule of form."""

    status = 400


class Forbidden(DomainError):
    """The actor may not do this here."""

    status = 403


class NotFound(DomainError):
    """No such thing, or none that this actor may see."""

    status = 404


class Conflict(DomainError):
    """The thing is in a state that does not allow this now."""

    status = 409


class Gone(DomainError):
    """It was there once and is not kept any more."""

    status = 410


class Stale(DomainError):
    """Somebody else changed the thing since it was read (If-Match failed)."""

    status = 412


class TooLarge(DomainError):
    """More bytes or items than are accepted."""

    status = 413


class Unsupported(DomainError):
    """A kind of content that is not accepted."""

    status = 415


class Locked(DomainError):
    """Somebody else is just writing it; the same again in a moment."""

    status = 423


class Damaged(DomainError):
    """What arrived is not what was sent (the checksum of tus differs)."""

    status = 460


class PreconditionRequired(DomainError):
    """The version that was read must be named (If-Match is missing)."""

    status = 428
