"""Spreadsheets (xlsx) in and out, as texts in rows: the only room that knows openpyxl."""
