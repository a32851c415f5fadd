"""Two indices: who is ready, and who waits. They answer the router's two questions quickly.

`Bench` answers "which ready communicator should take a call of this programme?" and `WaitingRoom`
answers "which programme's first caller should this communicator take?".

Cost. Communicators with the same certificates form a crew. Each programme keeps a heap of the crews that
may serve it, keyed by (number of programmes, place of the crew's longest idle). A crew's longest idle
only ever becomes younger, so an entry that is out of date is too optimistic, never too pessimistic: it
is put right when it reaches the top, and a programme's heap is told of a crew again only after it has
dropped it. A step therefore costs O(log n) amortised, however many programmes a communicator serves.
The first callers of all programmes with a free line stand in one sorted list; a communicator scans the
shorter of that list and its own programmes.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from heapq import heappop, heappush, heapreplace

from madoguchi.acd.events import AgentId, CallId, ProgrammeId

Place = tuple[float, int]
"""A place in a line: a moment in seconds and a serial number that breaks ties by arrival."""


@dataclass(slots=True)
class Crew:
    """The ready communicators who are certified for exactly the same programmes."""

    serial: int
    programmes: frozenset[ProgrammeId]
    line: list[tuple[Place, AgentId]] = field(default_factory=list)
    unlisted: set[ProgrammeId] = field(default_factory=set)
    """Programmes whose heap does not name this crew."""
    latest: Place = (float("-inf"), 0)
    """The youngest place ever given; no heap names the crew with a younger one."""


class Bench:
    """The ready communicators."""

    def __init__(self) -> None:
        self._crews: dict[frozenset[ProgrammeId], Crew] = {}
        self._by_serial: list[Crew] = []
        self._heaps: dict[ProgrammeId, list[tuple[int, Place, int]]] = {}
        self._seats: dict[AgentId, tuple[Place, int]] = {}
        """Place and crew of everybody on the bench; an entry elsewhere that says otherwise is old."""

    def __len__(self) -> int:
        return len(self._seats)

    def sit(self, agent: AgentId, programmes: frozenset[ProgrammeId], place: Place) -> None:
        """Put a communicator on the bench. To come back to an older place is allowed, and costs more."""
        crew = self._crew(programmes)
        self._seats[agent] = (place, crew.serial)
        heappush(crew.line, (place, agent))
        comes_back = place < crew.latest
        for programme in programmes if comes_back else crew.unlisted:
            heappush(self._heaps[programme], (len(programmes), place, crew.serial))
        crew.unlisted.clear()
        crew.latest = max(crew.latest, place)

    def stand(self, agent: AgentId) -> None:
        """Take a communicator off the bench."""
        del self._seats[agent]

    def best(self, programme: ProgrammeId) -> AgentId | None:
        """Return the ready communicator with the fewest programmes, then the longest idle."""
        heap = self._heaps.get(programme, [])
        while heap:
            breadth, place, serial = heap[0]
            crew = self._by_serial[serial]
            first = self._first(crew)
            if first is None:
                heappop(heap)
                crew.unlisted.add(programme)
            elif first[0] != place:
                heapreplace(heap, (breadth, first[0], serial))
            else:
                return first[1]
        return None

    def _crew(self, programmes: frozenset[ProgrammeId]) -> Crew:
        crew = self._crews.get(programmes)
        if crew is None:
            crew = Crew(len(self._by_serial), programmes, unlisted=set(programmes))
            self._crews[programmes] = crew
            self._by_serial.append(crew)
            for programme in programmes:
                self._heaps.setdefault(programme, [])
        return crew

    def _first(self, crew: Crew) -> tuple[Place, AgentId] | None:
        line = crew.line
        while line and self._seats.get(line[0][1]) != (line[0][0], crew.serial):
            heappop(line)
        return line[0] if line else None


class WaitingRoom:
    """The callers who wait, first come first served within a programme."""

    def __init__(self) -> None:
        self._places: dict[CallId, Place] = {}
        self._lines: dict[ProgrammeId, list[tuple[Place, CallId]]] = {}
        self._counts: dict[ProgrammeId, int] = {}
        self._fronts: list[tuple[Place, ProgrammeId]] = []
        self._front_of: dict[ProgrammeId, Place] = {}

    def __len__(self) -> int:
        return len(self._places)

    def count(self, programme: ProgrammeId) -> int:
        """Return how many wait for a programme."""
        return self._counts.get(programme, 0)

    def enter(self, call: CallId, programme: ProgrammeId, place: Place) -> None:
        """Let a caller wait at a place; whoever was not served keeps the place of his arrival."""
        self._places[call] = place
        self._counts[programme] = self.count(programme) + 1
        heappush(self._lines.setdefault(programme, []), (place, call))

    def leave(self, call: CallId, programme: ProgrammeId) -> None:
        """Take a caller out."""
        del self._places[call]
        self._counts[programme] -= 1

    def first(self, programme: ProgrammeId) -> tuple[Place, CallId] | None:
        """Return who is next within a programme."""
        line = self._lines.get(programme, [])
        while line and self._places.get(line[0][1]) != line[0][0]:
            heappop(line)
        return line[0] if line else None

    def review(self, programme: ProgrammeId, *, line_free: bool, headstart_s: float) -> None:
        """Say anew whether, and with which head start, a programme's first caller may be served."""
        first = self.first(programme) if line_free else None
        front = (first[0][0] - headstart_s, first[0][1]) if first else None
        known = self._front_of.get(programme)
        if front == known:
            return
        if known is not None:
            del self._fronts[bisect_left(self._fronts, (known, programme))]
            del self._front_of[programme]
        if front is not None:
            insort(self._fronts, (front, programme))
            self._front_of[programme] = front

    def best(self, programmes: frozenset[ProgrammeId]) -> ProgrammeId | None:
        """Return the programme whose first caller is to be served next by one who serves `programmes`."""
        if len(programmes) < len(self._fronts):
            fronts = [(self._front_of[p], p) for p in programmes if p in self._front_of]
            return min(fronts)[1] if fronts else None
        return next((p for _, p in self._fronts if p in programmes), None)
