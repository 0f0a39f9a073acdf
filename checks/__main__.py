"""``python -m checks`` is the command `hardmax`."""

import sys

from checks.start import main

if __name__ == "__main__":
    sys.exit(main())
