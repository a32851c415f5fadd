"""The books: tables, rules, actions and jobs; no pages."""
