"""The settings of the documentation site, which `scripts/docs` builds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS))

from _pages import docstrings  # noqa: E402 - found by the line above

import samtheory  # noqa: E402

project, author, copyright = "samtheory", "samtheory contributors", "samtheory contributors, MIT licence"  # noqa: A001
version = release = samtheory.__version__

extensions = ["sphinx.ext.autodoc", "numpydoc", "myst_nb"]
root_doc = "index"
nitpicky = True
# Types of signatures that have no page: those of other packages, and internal ones.
nitpick_ignore_regex = [("py:(class|obj|exc|data|func|meth|attr|mod)", ".*")]

# The text of docstrings is plain, with `code`.
default_role = "literal"
smartquotes = False
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_default_options = {"undoc-members": False}
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
numpydoc_show_class_members = False

myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_execution_in_temp = True
nb_merge_streams = True
suppress_warnings = ["config.cache"]

html_theme = "furo"
html_title = f"samtheory {version}"
html_static_path = [str(DOCS / "_static")]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "default"
highlight_language = "text"


def setup(app: Any) -> None:
    """Docstrings are plain text before numpydoc reads their sections, and signatures can be parsed."""
    app.connect("autodoc-process-docstring", docstrings.marked_up, priority=400)
    app.connect("autodoc-process-signature", docstrings.signature)
