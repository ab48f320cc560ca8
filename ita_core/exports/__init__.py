"""What the office hands on: the board and the records as CSV, JSON and workbooks."""
