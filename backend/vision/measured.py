"""What it takes time to measure, measured when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Self, TypeVar, overload

_Owner = TypeVar("_Owner")
_Value = TypeVar("_Value")


class measured(Generic[_Owner, _Value]):  # noqa: N801  # it reads as `property` does
    """A property that is measured once for each instance and then kept in it.

    Before Python 3.12 `functools.cached_property` has one lock for all instances of a class, so
    that threads measured their faces one after the other. Here there is none: threads that ask one
    instance for the same at once all measure it, and are all given what was kept first.

    >>> class Square:
    ...     def __init__(self, side: int) -> None:
    ...         self.side = side
    ...
    ...     @measured
    ...     def area(self) -> int:
    ...         print("measuring")
    ...         return self.side**2
    >>> square = Square(3)
    >>> square.area, square.area
    measuring
    (9, 9)
    """

    def __init__(self, measure: Callable[[_Owner], _Value]) -> None:
        """Wrap a method.

        Args:
            measure: gives the value; its class has a `__dict__`, so no slots.
        """
        self._measure = measure
        self.__doc__ = measure.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        """Remember the property's name."""
        self._name = name

    @overload
    def __get__(self, instance: None, _owner: type | None = None) -> Self: ...

    @overload
    def __get__(self, instance: _Owner, _owner: type | None = None) -> _Value: ...

    def __get__(self, instance: _Owner | None, _owner: type | None = None) -> Self | _Value:
        """Measure; Python asks only until there is an entry of that name in the instance."""
        if instance is None:
            return self
        # Straight into the dictionary: a frozen dataclass lets nobody set an attribute.
        kept: _Value = instance.__dict__.setdefault(self._name, self._measure(instance))
        return kept
