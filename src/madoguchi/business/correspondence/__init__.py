"""What leaves on the wire: mail to clients, and the local inbox that stands in for theirs."""
