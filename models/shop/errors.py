"""What is wrong with a shop's history, with a code that scripts can go by."""


class HistoryError(Exception):
    """Printed as `message [code]`; README.md lists the codes."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
