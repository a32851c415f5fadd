"""A thin typed client of the Asterisk REST Interface (ARI) of Asterisk 22.

`requests` says what we ask, `events` what we are told, `client` carries both.
"""
