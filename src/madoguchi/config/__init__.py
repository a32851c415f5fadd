"""How the parts are set up: where things are kept, the database, Django's settings, the root of the pages."""
