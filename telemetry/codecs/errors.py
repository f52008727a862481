"""The one error of every codec."""


class BadFrame(ValueError):
    """These bytes are not what the protocol says; `code` is counted, never shown to the sender."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
