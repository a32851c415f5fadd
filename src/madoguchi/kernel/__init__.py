"""The words of the trade, from the standard library only; everything else may lean on them."""
