"""Pages, no tables: one package per counter (desk, office, portal) over what they share."""
