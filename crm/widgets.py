from django import forms
from django.forms.utils import flatatt
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe


class PlainSelect(forms.Select):
    """The same markup as Django's select, written in one go instead of one template per option.

    The inquiry form stands on most pages and has a hundred options.
    """

    def render(self, name, value, attrs=None, renderer=None):
        chosen = str(value) if value is not None else ""
        parts = [f"<select{flatatt(self.build_attrs({'name': name, **self.attrs}, attrs))}>"]
        for option_value, label in self.choices:
            if isinstance(label, list | tuple):
                parts.append(f'<optgroup label="{conditional_escape(option_value)}">')
                parts += [self._option(v, text, chosen) for v, text in label]
                parts.append("</optgroup>")
            else:
                parts.append(self._option(option_value, label, chosen))
        parts.append("</select>")
        return mark_safe("".join(parts))  # every part is escaped here or by flatatt

    @staticmethod
    def _option(value, label, chosen: str) -> str:
        selected = " selected" if str(value) == chosen else ""
        return f'<option value="{conditional_escape(value)}"{selected}>{conditional_escape(label)}</option>'
