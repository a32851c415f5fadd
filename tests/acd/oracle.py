"""The routing rules once more, written to be obvious and slow: every question is answered by looking at everybody.

It shares nothing with `madoguchi.acd` but the words (events and commands). Whatever the router decides,
the oracle must decide too.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from madoguchi.acd import commands as cmd
from madoguchi.acd import events as ev


@dataclass
class Person:
    id: int
    programmes: frozenset[int]
    state: str = "off"
    idle_since: tuple[float, int] = (0.0, 0)
    call: str | None = None
    then: str = "ready"
    deadline: float | None = None


@dataclass
class Caller:
    id: str
    programme: int
    arrived: tuple[float, int]
    state: str = "waiting"
    person: int | None = None
    guided: bool = False


@dataclass
class Terms:
    lines: int
    ring_s: float
    wrap_up_s: float | None
    open: bool = True


@dataclass
class Oracle:
    terms: dict[int, Terms] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)
    count: int = 0

    def tick(self, now: float) -> tuple[float, int]:
        self.count += 1
        return (now, self.count)

    def line_free(self, programme: int) -> bool:
        busy = [
            c
            for c in self.callers.values()
            if c.programme == programme and c.state in ("ringing", "talking", "holding")
        ]
        return len(busy) < self.terms[programme].lines

    def match(self, now: float) -> list[cmd.Command]:
        """Match callers and communicators until no pair is left; who waited longest goes first."""
        done: list[cmd.Command] = []
        while pair := self.next_pair():
            caller, person = pair
            caller.state, caller.person = "ringing", person.id
            person.state, person.call = "ringing", caller.id
            person.deadline = now + self.terms[caller.programme].ring_s
            done.append(
                cmd.Ring(
                    ev.CallId(caller.id),
                    ev.AgentId(person.id),
                    ev.ProgrammeId(caller.programme),
                    self.terms[caller.programme].ring_s,
                )
            )
        return done

    def next_pair(self) -> tuple[Caller, Person] | None:
        for caller in sorted(self.callers.values(), key=lambda c: c.arrived):
            if caller.state != "waiting" or not self.line_free(caller.programme):
                continue
            able = [
                p for p in self.people.values() if p.state == "ready" and caller.programme in p.programmes
            ]
            if able:
                return caller, min(able, key=lambda p: (len(p.programmes), p.idle_since))
        return None

    def free(self, person: Person, then: str, now: float, *, keep_place: bool = False) -> None:
        person.state, person.call, person.deadline, person.then = then, None, None, "ready"
        if then == "ready" and not keep_place:
            person.idle_since = self.tick(now)

    def not_taken(self, caller: Caller, person: Person, then: str, now: float) -> list[cmd.Command]:
        caller.state, caller.person = "waiting", None
        self.free(person, then, now)
        done = self.match(now)
        return done + self.guide(caller)

    def guide(self, caller: Caller) -> list[cmd.Command]:
        if caller.state != "waiting" or caller.guided:
            return []
        caller.guided = True
        return [cmd.PlayGuidance(ev.CallId(caller.id), cmd.Guidance.WAITING)]

    def over(self, caller: Caller, now: float) -> list[cmd.Command]:
        del self.callers[caller.id]
        if caller.person is not None:
            person = self.people[caller.person]
            if caller.state == "ringing":
                self.free(person, "ready", now, keep_place=True)
            else:
                wrap_up_s = self.terms[caller.programme].wrap_up_s
                person.state = "wrap_up"
                person.deadline = None if wrap_up_s is None else now + wrap_up_s
        return self.match(now)

    def leave(self, person: Person, then: str, now: float) -> list[cmd.Command]:
        if person.state in ("away", "ready"):
            self.free(person, then, now)
            return []
        if person.state == "ringing":
            caller = self.callers[person.call or ""]
            return [
                cmd.StopRinging(ev.CallId(caller.id), ev.AgentId(person.id)),
                *self.not_taken(caller, person, then, now),
            ]
        if person.state != "off":
            person.then = then
        return []

    def handle(self, event: ev.Event, now: float) -> list[cmd.Command]:
        match event:
            case ev.ProgrammeConfigured(programme, lines, ring_s, wrap_up_s):
                self.terms[programme] = Terms(lines, ring_s, wrap_up_s)
                return self.match(now)
            case ev.ProgrammeWithdrawn(programme):
                if programme in self.terms:
                    self.terms[programme].open = False
                return []
            case ev.AgentConfigured(agent, programmes):
                self.people.setdefault(agent, Person(agent, programmes)).programmes = programmes
                return self.match(now)
            case ev.CallArrived(call, programme, _, waited_s):
                return self.arrived(call, programme, now, waited_s)
            case ev.CallerHungUp(call) | ev.CallLost(call):
                return self.caller_gone(call, now)
            case _:
                return self.of_a_person(event, now)

    def arrived(self, call: ev.CallId, programme: int, now: float, waited_s: float) -> list[cmd.Command]:
        if call in self.callers:
            return []
        if programme not in self.terms or not self.terms[programme].open:
            return [cmd.Reject(call, cmd.RejectReason.UNKNOWN_PROGRAMME)]
        self.callers[call] = Caller(call, programme, self.tick(now - waited_s))
        return [*self.match(now), *self.guide(self.callers[call])]

    def caller_gone(self, call: ev.CallId, now: float) -> list[cmd.Command]:
        caller = self.callers.get(call)
        if caller is None:
            return []
        done: list[cmd.Command] = []
        if caller.person is not None:
            kind = cmd.StopRinging if caller.state == "ringing" else cmd.ReleaseAgent
            done.append(kind(call, ev.AgentId(caller.person)))
        return done + self.over(caller, now)

    def of_a_person(self, event: ev.Event, now: float) -> list[cmd.Command]:
        match event:
            case ev.CallHeld(call) | ev.CallResumed(call):
                return self.held_or_resumed(event, call)
            case ev.AgentAnswered(call, agent):
                return self.answered(call, agent)
            case ev.AgentHungUp(call, agent):
                return self.agent_hung_up(call, agent, now)
        person = self.people.get(event.agent)
        if person is None:
            return []
        return self.of_somebody(event, person, now)

    def of_somebody(self, event: ev.Event, person: Person, now: float) -> list[cmd.Command]:
        match event:
            case ev.AgentSignedIn() if person.state == "off":
                self.free(person, "away", now)
            case ev.AgentBecameReady() if person.state == "away":
                self.free(person, "ready", now)
                return self.match(now)
            case ev.AgentBecameReady():
                person.then = "ready"
            case ev.AgentWentAway():
                return self.leave(person, "away", now)
            case ev.AgentSignedOut():
                return self.leave(person, "off", now)
            case ev.WrapUpFinished(_, call) | ev.WrapUpTimedOut(_, call) if (
                person.state == "wrap_up" and person.call == call
            ):
                self.free(person, person.then, now)
                return self.match(now)
            case ev.RingTimedOut(call, agent) if person.state == "ringing" and person.call == call:
                return [cmd.StopRinging(call, agent), *self.declined(call, person, now)]
            case ev.RingLost(call, agent) if person.state == "ringing" and person.call == call:
                terms = self.terms[self.callers[call].programme]
                person.deadline = now + terms.ring_s
                return [cmd.Ring(call, agent, ev.ProgrammeId(self.callers[call].programme), terms.ring_s)]
            case ev.AgentDeclined(call, agent):
                return self.declined(call, person, now)
        return []

    def declined(self, call: str, person: Person, now: float) -> list[cmd.Command]:
        if person.state != "ringing" or person.call != call:
            return []
        return self.not_taken(self.callers[call], person, "away", now)

    def held_or_resumed(self, event: ev.CallHeld | ev.CallResumed, call: ev.CallId) -> list[cmd.Command]:
        before, after, kind = (
            ("talking", "holding", cmd.Hold)
            if isinstance(event, ev.CallHeld)
            else ("holding", "talking", cmd.Resume)
        )
        caller = self.callers.get(call)
        if caller is None or caller.state != before or caller.person is None:
            return []
        caller.state = self.people[caller.person].state = after
        return [kind(call, ev.AgentId(caller.person))]

    def answered(self, call: ev.CallId, agent: ev.AgentId) -> list[cmd.Command]:
        caller = self.callers.get(call)
        if caller is None or caller.person != agent:
            return [cmd.ReleaseAgent(call, agent)]
        if caller.state != "ringing":
            return []
        caller.state = self.people[agent].state = "talking"
        self.people[agent].deadline = None
        return [cmd.Connect(call, agent)]

    def agent_hung_up(self, call: ev.CallId, agent: ev.AgentId, now: float) -> list[cmd.Command]:
        caller = self.callers.get(call)
        if caller is None or caller.person != agent:
            return []
        if caller.state == "ringing":
            return [cmd.StopRinging(call, agent), *self.declined(call, self.people[agent], now)]
        return [cmd.HangUp(call), cmd.ReleaseAgent(call, agent), *self.over(caller, now)]

    def due(self, now: float) -> set[ev.Event]:
        """Say which deadlines have passed."""
        passed: set[ev.Event] = set()
        for person in self.people.values():
            if person.deadline is not None and person.deadline <= now:
                kind = ev.RingTimedOut if person.state == "ringing" else ev.WrapUpTimedOut
                passed.add(kind(call=ev.CallId(person.call or ""), agent=ev.AgentId(person.id)))
        return passed
