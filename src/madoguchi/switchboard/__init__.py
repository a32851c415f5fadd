"""The live process: the only one that drives calls. Start reading at `loop`."""
