"""A picture as the templates show it: a photograph, or one of the site's own drawings, labelled as such."""

from dataclasses import dataclass

from django.templatetags.static import static

from base.drawings import HEIGHT, WIDTH, Drawing


@dataclass(frozen=True)
class Plate:
    """`src` is an address, `width` and `height` are pixels, `is_drawing` asks for the label 插图."""

    src: str
    alt: str
    caption: str
    is_drawing: bool
    width: int
    height: int

    @classmethod
    def of(cls, *, image=None, drawing=None, alt=None, caption=None) -> "Plate | None":
        """Return the photograph when there is one, else the drawing, else None."""
        if image is not None:
            rendition = image.get_rendition("max-1600x1200|format-webp")
            return cls(
                src=rendition.url,
                alt=alt or image.description or image.title,
                caption=caption or "",
                is_drawing=False,
                width=rendition.width,
                height=rendition.height,
            )
        if drawing in Drawing.values:
            return cls(
                src=static(f"img/plates/{drawing}.svg"),
                alt=alt or str(Drawing(drawing).label),
                caption=caption or "",
                is_drawing=True,
                width=WIDTH,
                height=HEIGHT,
            )
        return None
