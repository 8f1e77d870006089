"""A provider's brand, in the public format brand.yml (https://posit-dev.github.io/brand-yml).

model.py    what a brand file says
keys.py     the keys of the format: known, foreign, mistyped
colors.py   the palette and the roles its colours play
logos.py    pictures by size, and whether they have pixels enough for paper
fonts.py    the families and the files they are in
read.py     a file -> a `Brand`
starter.py  a brand file to fill in
words.py    a `Brand` -> what templates see of it
"""

from .model import Brand
from .read import PLACE, back_logo, cover_logo, load_brand
from .starter import starter
from .words import brand_words

__all__ = ["PLACE", "Brand", "back_logo", "brand_words", "cover_logo", "load_brand", "starter"]
