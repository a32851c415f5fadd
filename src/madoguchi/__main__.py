"""`python -m madoguchi`: the same as the command `madoguchi`."""

from __future__ import annotations

from madoguchi.cli.main import app

if __name__ == "__main__":
    app()
