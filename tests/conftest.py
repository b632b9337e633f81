"""What all tests share."""

import os

os.environ.pop("COLUMNS", None)  # xdist sets it for its workers; output is tested as it is in a pipe of no known width
