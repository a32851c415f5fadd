"""Everything that knows Asterisk: its configuration, its provisioning, its ARI, and the spoken prompts."""
