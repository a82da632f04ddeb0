"""Events of document formats: an agency sets its own version of a type of document, for itself or for those below it too.

What holds the type is text, so that this room needs to know nothing of documents and old bytes stay readable for ever.
"""

from dataclasses import dataclass

from liuhen.core.events.parts import FileRef


@dataclass(frozen=True, slots=True)
class DocumentTypeAdopted:
    """采用文书格式: the agency's `version` of the type with this code holds from the event's `at`.

    `definition` is the whole type in the spelling of core/documents/definition.py, absent where the agency goes back to
    what holds without it. `template`: the agency's own layout. `published`: those below use it too (上级发布).
    """

    code: str
    name: str
    version: int
    definition: str | None = None
    template: FileRef | None = None
    note: str | None = None
    published: bool = False
