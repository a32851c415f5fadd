"""The communicator's desk: whose line is this, what do I say, what do I write?"""
