"""Workbooks (XLSX) as streams of rows, read by a process of their own that may not take more memory than it is given."""

from sharedvalue.engine.sheets.read import Workbook, read_workbook

__all__ = ["Workbook", "read_workbook"]
