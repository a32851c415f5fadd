"""Madoguchi (窓口): the open system that a shared call centre for Japanese mail order runs on."""
