"""The commands, one file each: `arguments(parser)` declares, `run(arguments)` does and returns the exit code.

The docstring of the file is its help. What is imported at the top of a file is loaded by `samtheory --help`, so the
library is imported inside `run`.
"""

#: In the order of the help.
COMMANDS = (
    "rates",
    "compare",
    "verify",
    "plot",
    "figures",
    "check",
    "falsify",
    "tightness",
    "explain",
    "prove",
    "conform",
    "new",
    "list",
)
