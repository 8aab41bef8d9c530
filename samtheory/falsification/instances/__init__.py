"""Small instances with exact constants, in any kind of number: the space that `falsify` searches."""
