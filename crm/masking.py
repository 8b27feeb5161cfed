"""Personal data as lists show it: enough to recognise, too little to use."""

DOT = "*"


def mask_name(name: str) -> str:
    """张三丰 → 张**; Jane Doe → J****. A single character is hidden whole."""
    name = name.strip()
    if not name:
        return ""
    if len(name) == 1:
        return DOT
    return name[0] + DOT * min(len(name) - 1, 4 if name.isascii() else 2)


def mask_phone(phone: str) -> str:
    """+8613812345678 → 138****5678; short numbers keep only their last two digits."""
    text = "".join(c for c in phone if c.isdigit() or c == "+").removeprefix("+86")
    if not text:
        return DOT * 4 if phone.strip() else ""
    if len(text) < 9:
        return DOT * 4 + text[-2:]
    return f"{text[:3]}{DOT * 4}{text[-4:]}"


def mask_email(email: str) -> str:
    """jane@example.org → j***@e***.org."""
    local, at, domain = email.strip().rpartition("@")
    if not at:
        return DOT * 4 if email.strip() else ""
    name, dot, top = domain.rpartition(".")
    masked_domain = f"{name[:1]}{DOT * 3}{dot}{top}" if dot else DOT * 4
    return f"{local[:1]}{DOT * 3}@{masked_domain}"
