"""The code on a photograph of a ticket, for telephones whose browser reads none itself."""

import warnings

import zxingcpp
from PIL import Image, UnidentifiedImageError

# A QR code across a third of the picture has more than enough of this.
EDGE = 1600


class PictureError(Exception):
    """Not a picture, or none that can be opened."""


def read_picture(file) -> str:
    """The text of the first QR code; "" when none is seen. Raises PictureError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file)
            picture.draft("L", (EDGE, EDGE))
            picture.thumbnail((EDGE, EDGE))
            found = zxingcpp.read_barcode(picture.convert("L"), zxingcpp.BarcodeFormat.QRCode)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,  # what Pillow raises for some broken files
    ) as error:
        raise PictureError from error
    return found.text if found else ""
