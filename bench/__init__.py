"""Measurements that take minutes and mean something only on a quiet machine: no part of the tests."""
