"""What every counter stands on: base page, tokens, sign-in, guards, errors, the browser telephone."""
