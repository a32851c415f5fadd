"""Who answers: communicators, and the programmes they are certified for."""
