"""How a large configuration ends: its answers, of which only what is asked for is made.

`Ending` is what a filtered walk knows when it has settled. `FilteredSettled`, `FilteredEquilibrium`
and `FilteredLeader` are the values of `theory.settling` and `theory.equilibrium`, with fields that
are made of it when they are first asked for: to ==, hash, repr, pickle and `dataclasses.replace`
they are those values. A large configuration settles without one rational for most of its tokens.
Of 1,000 Gaussian tokens of dimension 8 that takes 1.6 ms, who leads since when 0.2 ms, and all of
an equilibrium 1.5 ms, most of which is asked for by few.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import fmpq

from theory.closed_form import closed_forms
from theory.configuration import Configuration
from theory.equilibrium import Equilibrium, Kind, Leader, Rate, face_of, keys_of
from theory.exponential import ExponentialPolynomial
from theory.fast.filter import Image
from theory.fast.history import AttentionHistory
from theory.fast.persistence import Persistence
from theory.matrices import Vector
from theory.places import History, copies_of, spread_history
from theory.settling import Settled
from theory.trajectory import Trajectory


@dataclass(frozen=True)
class Ending:
    """A large configuration that has settled: its history, and the rows that are not locked.

    Only what is asked for is made. Tokens are those of the configuration of the history; `image`
    shows those of a layer from the settled one on, and `persistence` begins at the settled layer.
    """

    history: AttentionHistory
    image: Image
    persistence: Persistence | None

    @property
    def layer(self) -> int:
        """The settled layer."""
        return self.history.changes[-1]

    def told(self) -> History:
        """The layers at which the pattern became another one, with the patterns."""
        return tuple(zip(self.history.changes, self.history.patterns(), strict=True))

    def closed_form(self) -> tuple[ExponentialPolynomial, ...]:
        """The closed forms of all tokens from the settled layer on."""
        history, layer, free = self.history, self.layer, self.free
        every = history.attention()
        # a locked row attends to locked rows alone
        attention = {i: attended for i, attended in enumerate(every) if i not in free}
        tokens = dict(zip(attention, history.tokens([*attention], layer), strict=True))
        forms = {**free, **closed_forms(history.configuration, tokens, attention)}
        return tuple(map(forms.__getitem__, range(len(every))))

    @cached_property
    def free(self) -> dict[int, ExponentialPolynomial]:
        """The closed forms of the rows that are not locked, from `layer` on."""
        if self.persistence is None:
            return {}
        return {i: self.persistence.form(i) for i in self.persistence.rows}

    @cached_property
    def limits(self) -> dict[int, Vector]:
        """The limits of the rows that do not end at a leader that they attend to alone."""
        targets = {i: self.history.target(i) for i in self.history.held_rows()}
        return {i: form.limit() for i, form in self.free.items()} | targets

    @cached_property
    def positions(self) -> dict[int, Vector]:
        """Where each leading place stands."""
        leading = self.history.leaders()
        always = [i for i, since in leading if not since]
        known = dict(zip(always, self.history.configuration.some_tokens(always), strict=True))
        if len(always) == len(leading):
            return known
        return {i: known[i] if i in known else self.history.token(i, k) for i, k in leading}

    def rate(self) -> tuple[fmpq, int] | None:
        """The greatest (base, degree) of a term that moves.

        Whoever does not lead, nor rests in the held set that it attends to, and is locked, has λ^t.
        """
        history = self.history
        moving = [(r, p) for form in self.free.values() for r, p, _ in form.moving]
        apart = {*self.free, *(i for i, attended in history.sets.items() if i in attended)}
        if len(history.leaders()) + len(apart) < len(history.single):
            moving.append((history.configuration.lam, 0))
        return max(moving, default=None)


class FilteredSettled(Settled):
    """A settled configuration whose history and closed form are made when asked for."""

    # A dataclass compares, shows and replaces by `__class__` alone, and makes its copies by calling
    # that with every field: a subclass whose fields are not made yet has to say whose value it is.
    __class__ = property(lambda _: Settled)

    def __init__(
        self,
        configuration: Configuration,
        trajectory: Trajectory,
        ending: Ending,
        places: tuple[int, ...],
        told: tuple[int, ...],
    ) -> None:
        object.__setattr__(self, "configuration", configuration)
        object.__setattr__(self, "trajectory", trajectory)
        object.__setattr__(self, "places", told)
        object.__setattr__(self, "_ending", (ending, places))
        trajectory.follow(self.pattern_at)

    _ending: tuple[Ending, tuple[int, ...]]
    """How it ended, in places, with the place of each token."""

    @property
    def layer(self) -> int:
        """The settled layer k."""
        return self._ending[0].layer

    @cached_property
    def history(self) -> History:
        """That of the tokens."""
        ending, places = self._ending
        return spread_history(ending.told(), places)

    @cached_property
    def closed_form(self) -> tuple[ExponentialPolynomial, ...]:
        """That of all tokens."""
        ending, places = self._ending
        return tuple(map(ending.closed_form().__getitem__, places))

    def merged(self) -> Settled:
        """The same decision about the places."""
        count = max(self.places) + 1
        if count == len(self.places):
            return self
        configuration, every = self.configuration.merged()[0], tuple(range(count))
        ending, _ = self._ending
        return FilteredSettled(configuration, Trajectory(configuration), ending, every, every)

    def equilibrium(self) -> Equilibrium:
        """What infinitely many layers make of the configuration."""
        ending, places = self._ending
        return FilteredEquilibrium(self.configuration, ending, places, self.places != places)


class FilteredLeader(Leader):
    """A leader whose position is made when asked for."""

    __class__ = property(lambda _: Leader)  # as above

    def __init__(self, token: int, since_layer: int, place: int, ending: Ending) -> None:
        object.__setattr__(self, "token", token)
        object.__setattr__(self, "since_layer", since_layer)
        object.__setattr__(self, "_stands", (place, ending))

    _stands: tuple[int, Ending]

    def __reduce__(self) -> tuple[type[Leader], tuple[int, int, Vector]]:
        return Leader, (self.token, self.since_layer, self.position)

    @cached_property
    def position(self) -> Vector:
        """Where it stands."""
        place, ending = self._stands
        return ending.positions[place]


class FilteredEquilibrium(Equilibrium):
    """An equilibrium whose fields are made when asked for, with few rationals.

    Places are sorted into classes of equal limits by the leader that they follow; only the rows
    that are not locked need their closed forms for that.
    """

    __class__ = property(lambda _: Equilibrium)  # as above

    def __init__(
        self, configuration: Configuration, ending: Ending, places: tuple[int, ...], apart: bool
    ) -> None:
        object.__setattr__(self, "configuration", configuration)
        object.__setattr__(self, "_ended", (ending, places, apart))

    _ended: tuple[Ending, tuple[int, ...], bool]
    """How it ended, the place of each token, and whether copies are kept apart."""

    def __reduce__(self) -> tuple[type[Equilibrium], tuple[object, ...]]:
        parts = (self.leaders, self.limits, self.kinds, self.faces, self.clusters, self.rate)
        return Equilibrium, (self.configuration, *parts)

    @cached_property
    def leaders(self) -> tuple[Leader, ...]:
        """Every copy of a leading place, or none where copies are kept apart."""
        ending, places, apart = self._ended
        leading = ending.history.leaders()
        if len(ending.history.single) == len(places):
            led = [(i, since, i) for i, since in leading]
        else:
            copies = copies_of(places)
            led = sorted(
                (i, since, p)
                for p, since in leading
                if len(copies[p]) == 1 or not apart
                for i in copies[p]
            )
        return tuple([FilteredLeader(*leader, ending) for leader in led])

    @cached_property
    def limits(self) -> tuple[Vector, ...]:
        """Those of the classes."""
        return tuple(map(self._points.__getitem__, self._classes))

    @cached_property
    def kinds(self) -> tuple[Kind | None, ...]:
        """Those of the classes, but for the leaders themselves."""
        classes, leading = self._classes, [leader.token for leader in self.leaders]
        of_class: dict[int, Kind | None] = {classes[i]: "vertex" for i in leading}
        of_class |= dict.fromkeys(self._faces, "face")
        kinds = [of_class.get(c) for c in classes]
        for i in leading:
            kinds[i] = "leader"
        return tuple(kinds)

    @cached_property
    def faces(self) -> dict[int, tuple[int, ...]]:
        """Those of the classes."""
        of_class = self._faces
        return {i: of_class[c] for i, c in enumerate(self._classes) if c in of_class}

    @cached_property
    def clusters(self) -> tuple[tuple[int, ...], ...]:
        """The classes."""
        members: dict[int, list[int]] = {}
        for i, c in enumerate(self._classes):
            members.setdefault(c, []).append(i)
        return tuple(map(tuple, members.values()))

    @cached_property
    def rate(self) -> Rate | None:
        """The greatest (base, degree) of a term that moves."""
        slowest = self._ended[0].rate()
        return None if slowest is None else Rate(*slowest)

    @cached_property
    def _classes(self) -> list[int]:
        """The class of each token, named by a place in it."""
        ending, places, _ = self._ended
        of_place: list[int] = ending.history.single.tolist()
        if ending.limits:
            positions = ending.positions
            keys = keys_of([*positions.values(), *ending.limits.values()])
            known = dict(zip(keys, positions, strict=False))
            for i, key in zip(ending.limits, keys[len(positions) :], strict=True):
                of_place[i] = known.setdefault(key, i)
        return of_place if len(of_place) == len(places) else [of_place[p] for p in places]

    @property
    def _points(self) -> dict[int, Vector]:
        """The limit of each class."""
        ending = self._ended[0]
        return {**ending.limits, **ending.positions} if ending.limits else ending.positions

    @cached_property
    def _faces(self) -> dict[int, tuple[int, ...]]:
        """The leaders on the face of each class that has one, as `face_of` finds them.

        Floats exclude most leaders, by the bound of `theory.fast.filter`. Unless copies are kept
        apart every limit lies in K, being a mean of limits of tokens with a shorter way to the
        leaders; so it lies in the hull of the leaders on its face, which is not looked for then.
        """
        ending, at, apart = self._ended
        led = {self._classes[leader.token] for leader in self.leaders}
        classes = [c for c in dict.fromkeys(self._classes) if c not in led]
        if not (classes and self.leaders):
            return {}
        leaders: dict[int, list[Leader]] = {}
        for leader in self.leaders:
            leaders.setdefault(at[leader.token], []).append(leader)
        points = self._points
        near = ending.image.contenders(
            [points[c] for c in classes], np.array([*leaders], dtype=np.intp)
        )
        faces: dict[int, tuple[int, ...]] = {}
        for c, columns in zip(classes, near, strict=True):
            close = [leaders[place][0] for place in columns.tolist()]
            face = face_of(self.configuration, close, points[c], inside=not apart)
            if face is not None:
                faces[c] = tuple(sorted(copy.token for i in face for copy in leaders[at[i]]))
        return faces
