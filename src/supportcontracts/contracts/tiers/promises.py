"""Promises that are not durations: what a person can hear on the phone, checkable against the facts of a ticket.

A promise may be limited to a scope of tickets and to the hours in which it holds. It is kept, broken, not applicable
to the ticket, or unknown while a fact is missing; which of these, is said with a stable code and in words.
"""

import attrs

from supportcontracts._fields import frozen, opaque, require_text, require_whole, tuple_of
from supportcontracts.contracts.scope import EVERYTHING, Scope, require_scope
from supportcontracts.contracts.tiers.cells import require_coverage
from supportcontracts.coverage import AnyCoverage
from supportcontracts.errors import InvalidValue

__all__ = [
    "DEPTHS",
    "PROMISES",
    "AnswerDepth",
    "Channels",
    "Languages",
    "NamedManager",
    "NoPhoneMenu",
    "Promise",
    "SkillLevel",
]


def __dir__() -> list[str]:
    return __all__


DEPTHS = ("pointer", "how-to", "workaround", "fix", "root-cause")
"""How deep an answer goes, unless the terms name a scale of their own: from a pointer to known text to the cause."""

_SCOPED_BY = ("product", "severity", "channel")


@attrs.frozen
class PromiseHead:
    """What every promise has: the tickets and the hours it holds for; data only, and never a promise itself."""

    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)
    during: AnyCoverage | None = attrs.field(default=None, kw_only=True)


def _check(promise: PromiseHead) -> None:
    name = type(promise).__name__
    require_scope(f"{name}.scope", promise.scope)
    for attribute, _ in promise.scope.restrictions:
        if attribute not in _SCOPED_BY:
            raise InvalidValue(
                f"{name}.scope", f"a scope by {attribute}", "a scope by products, severities and channels was expected"
            )
    if promise.during is not None:
        require_coverage(f"{name}.during", promise.during)


def _check_names(what: str, names: tuple[str, ...], example: str) -> None:
    if not names:
        raise InvalidValue(what, "no names", "at least one was expected", f'Write "{example}".')
    for name in names:
        require_text(what, name)
    if len(set(names)) != len(names):
        raise InvalidValue(what, f"the names {list(names)}", "each name once was expected")


@frozen
class Languages(PromiseHead):
    """A customer who asks in one of the languages is answered in it.

    Attributes:
        languages: as they are written in the facts of a ticket, for example "de".
        scope: the tickets it holds for, by products, severities and channels.
        during: the hours in which it holds, or None for any time.

    Rules: A5.

    Example:
        >>> Languages(["de", "en"]).languages
        ('de', 'en')
    """

    languages: tuple[str, ...] = attrs.field(converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        _check(self)
        _check_names("Languages.languages", self.languages, "de")


@frozen
class Channels(PromiseHead):
    """A customer who asks on one of the channels is answered on it.

    Attributes:
        channels: the channels that are offered.
        scope: the tickets it holds for.
        during: the hours in which it holds, or None for any time.

    Rules: A5.

    Example:
        >>> Channels(["phone", "chat"]).channels
        ('phone', 'chat')
    """

    channels: tuple[str, ...] = attrs.field(converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        _check(self)
        _check_names("Channels.channels", self.channels, "phone")


@frozen
class NamedManager(PromiseHead):
    """One person, known by name, looks after the ticket.

    Attributes:
        name: who it is; left out, any person who is named.
        scope: the tickets it holds for.
        during: the hours in which it holds, or None for any time.

    Rules: A5.

    Example:
        >>> NamedManager("ines.roth").name
        'ines.roth'
    """

    name: str | None = None

    def __attrs_post_init__(self) -> None:
        _check(self)
        if self.name is not None:
            require_text("NamedManager.name", self.name)


@frozen
class SkillLevel(PromiseHead):
    """The first person who answers is of at least this level of skill.

    Attributes:
        level: a whole number, higher for more skill.
        scope: the tickets it holds for.
        during: the hours in which it holds, or None for any time.

    Rules: A5.

    Example:
        >>> SkillLevel(2, scope=Scope(severities=1)).level
        2
    """

    level: int

    def __attrs_post_init__(self) -> None:
        _check(self)
        require_whole("SkillLevel.level", self.level, least=1)


@frozen
class AnswerDepth(PromiseHead):
    """The answer goes at least as deep as this.

    Attributes:
        depth: a word of the scale.
        scale: the words from the most shallow to the deepest.
        scope: the tickets it holds for.
        during: the hours in which it holds, or None for any time.

    Rules: A5.

    Example:
        >>> AnswerDepth("fix").reaches("root-cause"), AnswerDepth("fix").reaches("workaround")
        (True, False)
    """

    depth: str
    scale: tuple[str, ...] = attrs.field(default=DEPTHS, converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _check(self)
        _check_names("AnswerDepth.scale", self.scale, "fix")
        if self.depth not in self.scale:
            raise InvalidValue(
                "AnswerDepth.depth",
                opaque(self.depth),
                f"a word of the scale was expected: {', '.join(self.scale)}",
                'Name your own words from the most shallow on, as in scale=["advice", "review"].',
            )

    def reaches(self, depth: str) -> bool:
        """Tell whether an answer of some depth keeps the promise; a word that is not on the scale does not."""
        return depth in self.scale and self.scale.index(depth) >= self.scale.index(self.depth)


@frozen
class NoPhoneMenu(PromiseHead):
    """A person answers the phone: no caller meets a menu or an announcement first.

    Attributes:
        scope: the tickets it holds for.
        during: the hours in which it holds, or None for any time.

    Rules: A5.

    Example:
        >>> NoPhoneMenu().scope
        Scope()
    """

    def __attrs_post_init__(self) -> None:
        _check(self)


Promise = Languages | Channels | NamedManager | SkillLevel | AnswerDepth | NoPhoneMenu
"""Everything that a tier can promise beside durations."""

PROMISES = (Languages, Channels, NamedManager, SkillLevel, AnswerDepth, NoPhoneMenu)
"""Every class of promise."""
