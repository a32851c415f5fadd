"""For whom we answer: clients, their programmes, and who may see what of them."""
