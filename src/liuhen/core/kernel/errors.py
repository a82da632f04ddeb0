"""The one root of every refusal Liuhen utters.

Invariant: the message is one clear sentence that names the place, what was expected and the remedy; doors print it as it is.
"""


class LiuhenError(Exception):
    """A refusal with a sentence that a person can act on."""

    @property
    def sentence(self) -> str:
        """The sentence without a place, for a door that shows it at the place itself."""
        return str(self)


class BadInput(LiuhenError):
    """The bytes or words given to us are not what was asked for; `place` says where (file, line, field)."""

    def __init__(self, place: str, sentence: str) -> None:
        super().__init__(f"{place}: {sentence}" if place else sentence)
        self.place = place
        self._sentence = sentence

    @property
    def sentence(self) -> str:
        """The sentence without its place."""
        return self._sentence
