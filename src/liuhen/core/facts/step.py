"""The shape of one folding step: facts, the event, its typed content."""

from collections.abc import Callable
from typing import Any

from liuhen.core.events.catalogue import Event
from liuhen.core.facts.model import Facts

Step = Callable[[Facts, Event, Any], None]
