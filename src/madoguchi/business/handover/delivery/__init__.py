"""Every order reaches its client exactly once, or is shown as failed with the reason (requirements D1-D4)."""
