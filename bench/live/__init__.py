"""Our call distribution beside Asterisk's app_queue, by real calls through one Asterisk.

Run `python -m bench.live --help`. `run` is the whole measurement, `rate` and `freed` are its two halves.
"""
