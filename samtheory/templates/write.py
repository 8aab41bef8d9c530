"""Write a commented template: every file beside this one is a kind."""

from __future__ import annotations

from pathlib import Path

from samtheory.errors import InputError, reject

HERE = Path(__file__).parent
#: The file of each kind; an adapter is one in NumPy unless said otherwise.
FILES = {file.stem.replace("_", "-"): file for file in sorted(HERE.glob("[!_]*.py")) if file != Path(__file__)}
FILES = {"adapter": FILES["adapter-numpy"], **FILES}
#: Kinds of templates.
KINDS = tuple(FILES)


def write(kind: str, path: str) -> Path:
    """Write the template of `kind` to a new file.

    Parameters
    ----------
    kind : one of `KINDS`
    path : a new file that ends in .py

    Returns
    -------
    The path.

    Raises
    ------
    InputError
        If the kind is unknown, or the path does not end in .py, exists already, or cannot be written.
    """
    if kind not in KINDS:
        raise reject("kind", kind, "one of " + ", ".join(KINDS))
    place = Path(path)
    if place.suffix != ".py" or place.stem == "":
        raise reject("file", path, "a name that ends in .py")
    text = FILES[kind].read_text(encoding="utf-8")
    made = False
    try:
        with place.open("x", encoding="utf-8", errors="backslashreplace") as file:
            made = True
            file.write(text.replace("THIS_FILE.py", place.name))
    except FileExistsError:
        raise InputError(f"file={path}: exists already: must be a new file, nothing is overwritten") from None
    except (OSError, ValueError) as error:
        if made:  # a full disk: half a template is no template
            place.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"file={path}: cannot be written ({reason})") from None
    return place
