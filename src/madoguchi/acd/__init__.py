"""The routing core: who talks to whom, and when. Pure: no clock, no I/O, no Django.

Four calls cross its seam: `Router.handle(event, now)` gives commands, `wake_at()` says when it must be
woken, `wake(now)` gives the events that time alone has brought about (handle them like any other), and
`snapshot()` with `restore()` carry it over a restart. The switchboard drives it by the wall clock, the
simulator by a virtual one.
"""
