"""Why a file is not taken, as the child says it; the parent has a sentence for each."""


class Objection(Exception):
    """`code` names the refusal (`inspect.REFUSALS`); `kind`, what the file is nevertheless, as its ending."""

    def __init__(self, code: str, **detail: int | str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(code)


class Budget:
    """How many bytes may still be unpacked: one purse for a file and everything inside it."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> None:
        """Raises Objection where that is more than is left."""
        self._left -= size
        if self._left < 0:
            raise Objection("bomb")
