"""Liuhen (留痕): whole-process recording of administrative enforcement, provable clause by clause."""

__version__ = "0.1.0"
