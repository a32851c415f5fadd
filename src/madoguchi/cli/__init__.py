"""`madoguchi …`: the only place where the parts are joined. One module per command; start at `main`."""
