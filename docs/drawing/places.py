"""Places and things: the second set of plates. Run with names to redraw some: python places.py temple iron."""
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from brush import Sheet  # noqa: E402
from scenes import birds, eave  # noqa: E402

OUT = Path(__file__).resolve().parents[2] / "site" / "static" / "img" / "plates"
TAU = math.tau


def sheet(title, seed):
    s = Sheet(900, 600, title, seed)
    s.flat("p", [(0, 0), (900, 0), (900, 600), (0, 600)])
    return s


def arc(x, y, rx, ry=None, start=0.0, end=1.0, n=18):
    """points on an ellipse, from start to end (in turns, clockwise from the right)"""
    ry = ry or rx
    return [
        (x + rx * math.cos(TAU * (start + (end - start) * i / (n - 1))),
         y + ry * math.sin(TAU * (start + (end - start) * i / (n - 1))))
        for i in range(n)
    ]


def ring(s, cls, x, y, rx, w, ry=None, turn=0.3):
    s.brush(cls, arc(x, y, rx, ry, turn, turn + 1.06, 22), w, 0.05, 0.08, n=26)


def sun(s, x, y, r, cls="r"):
    s.circle(cls, x, y, r, 0.012, 16)
    ring(s, cls, x, y, r * 1.28, 3.2)
    ring(s, cls, x, y, r * 1.45, 1.4)


def box(s, fill, pts, w=3.2, ink="k", off=(3, 2), over=3):
    s.cut(fill, pts, 1, *off)
    s.outline(ink, pts, w, True, over)


def rect(x, y, w, h):
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]


def water(s, top, bottom=605, n=110, x0=-30, x1=900, dark="d"):
    for i in range(n):
        y = top + (s.R.random() ** 1.4) * (bottom - top)
        x = s.R.uniform(x0, x1)
        length = 26 + (y - top) * 0.85 * s.R.uniform(0.5, 1.3)
        s.lens("g" if i % 3 else dark, x, y, x + length, y + s.R.uniform(-1.5, 1.5), 1 + (y - top) / 95)


def person(s, x, y, z, coat="d"):
    """from behind, without a face"""
    s.blob(coat, [(x - 13 * z, y), (x - 11 * z, y - 44 * z), (x, y - 54 * z), (x + 11 * z, y - 44 * z), (x + 14 * z, y)])
    s.circle("k", x, y - 63 * z, 9 * z, 0.05, 9)
    s.hatch("k", [(x - 12 * z, y), (x - 8 * z, y - 44 * z), (x, y - 44 * z), (x, y)], 1.3, 6, 0.8)


def ridges(s, *bands):
    for cls, y, amp, ink, base in bands:
        s.ridge(cls, s.crest(-30, 940, y, amp, 0.65), base, ink, 0.6, 3, amp, 1.6, 18)


def s_temple():
    s = sheet("山门里的大殿", 211)
    sun(s, 168, 118, 40, "y")
    ridges(s, ("m", 250, 54, "l", 420), ("l", 320, 44, "g", 470))
    # the hall: one great roof, and the shade under it
    s.cut("j", [(214, 478), (826, 478), (842, 506), (198, 506)], 1)
    s.outline("k", [(214, 478), (826, 478)], 3, False)
    s.cut("t", rect(262, 336, 516, 142), 1, 3, 2)
    s.hatch("k", rect(262, 336, 516, 46), 0, 7, 1, 0.95)
    for i in range(6):
        x0 = 276 + i * 84
        if i in (2, 3):
            s.cut("k", rect(x0 + 12, 384, 62, 94), 0.6)
            s.line("r", x0 + 43, 386, x0 + 43, 476, 2)
        else:
            s.cut("y", rect(x0 + 12, 388, 62, 62), 0.6)
            for k in range(5):
                s.line("k", x0 + 14 + k * 14.5, 388, x0 + 14 + k * 14.5, 450, 1.4, 0.5)
            for k in range(4):
                s.line("k", x0 + 12, 396 + k * 15, x0 + 74, 396 + k * 15, 1.2, 0.5)
            s.line("k", x0 + 12, 452, x0 + 74, 452, 3)
    for i in range(7):
        x0 = 268 + i * 84
        s.line("r", x0, 344, x0, 478, 9, 0.8)
        s.cut("j", rect(x0 - 8, 470, 16, 9), 0.5)
    for i in range(19):  # brackets under the eave
        x0 = 262 + i * 28.6
        s.lens("k", x0 - 8, 338, x0, 350, 2)
        s.lens("k", x0 + 8, 338, x0, 350, 2)
    eave(s, 520, 196, 330, 138, 34, "k", "d")
    s.brush("k", [(268, 190), (276, 172), (290, 186)], 8, 0.2, 0.3)
    s.brush("k", [(772, 190), (764, 172), (750, 186)], 8, 0.2, 0.3)
    s.brush("o", [(520, 196), (520, 160)], 10, 0.3, 0.5)
    s.circle("o", 520, 168, 8, 0.08, 8)
    # steps, court
    for i in range(4):
        s.cut("w" if i % 2 else "q", [(446 - i * 8, 506 + i * 9), (594 + i * 8, 506 + i * 9), (600 + i * 8, 515 + i * 9), (440 - i * 8, 515 + i * 9)], 0.6)
        s.line("k", 440 - i * 8, 515 + i * 9, 600 + i * 8, 515 + i * 9, 1.8)
    s.cut("q", [(0, 542), (900, 542), (900, 600), (0, 600)], 1)
    for i in range(4):
        s.line("j", 0, 550 + i * i * 4.5, 900, 551 + i * i * 4.5, 1.2 + i * 0.3, 1)
    for i in range(-7, 8):
        s.line("j", 520 + i * 52, 544, 520 + i * 78, 600, 1.3, 0.6)
    # the side hall runs off the left edge
    s.cut("t", rect(-20, 400, 168, 130), 1, 2, 2)
    for i in range(4):
        s.line("r", 6 + i * 44, 404, 6 + i * 44, 530, 6)
    s.cut("j", rect(-20, 524, 184, 18), 1)
    eave(s, 30, 330, 150, 72, 20, "k", "g")
    # two old cypresses; one leaves the sheet
    for x, h, sd in ((824, 500, -1), (204, 300, 1)):
        s.brush("k", [(x, 552), (x + 10 * sd, 552 - h * 0.4), (x - 6, 552 - h * 0.75), (x + 4, 552 - h)], h * 0.055, 0, 0.5)
        for i in range(46):
            t = 0.3 + 0.7 * s.R.random()
            w = (1.1 - t) * h * 0.3 + 12
            cx = x + s.R.uniform(-w, w) * 0.7
            cy = 552 - h * t + s.R.uniform(-8, 8)
            s.circle("d" if i % 3 else "g", cx, cy, h * 0.045 * s.R.uniform(0.7, 1.2), 0.16, 8, h * 0.03)
            s.lens("k", cx - 12, cy + 4, cx + 12, cy + 2, 1.2)
    # burner before the steps
    s.brush("k", [(372, 548), (380, 566)], 6, 0, 0)
    s.brush("k", [(408, 548), (400, 566)], 6, 0, 0)
    s.blob("k", [(362, 520), (366, 546), (390, 552), (414, 546), (418, 520)])
    s.line("k", 354, 520, 426, 520, 7)
    s.lens("o", 368, 532, 412, 532, 2.4)
    for dx in (-8, 0, 9):
        s.brush("j", [(390 + dx, 516), (386 + dx * 1.4, 492), (396 + dx, 470), (388 + dx * 2, 448)], 2.2, 0.2, 0.7)
    birds(s, [(640, 112, 13), (672, 130, 10)])
    return s


def s_iron():
    s = sheet("铁砧、剪刀与锁", 223)
    # the forge, off the left edge
    s.cut("q", [(-10, 0), (270, 0), (270, 430), (-10, 430)], 1)
    for row in range(11):
        y = row * 40
        s.line("j", -10, y, 270, y + 2, 1.6, 1)
        for k in range(4):
            x = -10 + k * 78 + (row % 2) * 38
            s.line("j", x, y, x, y + 38, 1.3, 0.6)
    s.blob("k", [(-20, 430), (-20, 190), (60, 120), (150, 124), (214, 196), (220, 430)])
    s.blob("r", [(10, 424), (24, 300), (60, 226), (96, 286), (122, 210), (160, 300), (190, 424)])
    s.blob("o", [(42, 424), (56, 332), (84, 292), (108, 340), (130, 296), (154, 424)])
    s.blob("y", [(72, 424), (84, 366), (104, 344), (126, 424)])
    for _ in range(26):
        a, q = s.R.uniform(-2.6, -0.3), s.R.uniform(70, 190)
        x, y = 110 + math.cos(a) * q * 0.8, 300 + math.sin(a) * q
        s.lens("o", x, y, x + s.R.uniform(-3, 6), y - s.R.uniform(7, 15), 1.5)
    s.brush("k", [(-10, 190), (58, 122), (152, 126), (216, 198), (222, 430)], 7, 0.05, 0.05)
    # the bench
    s.cut("q", [(0, 424), (900, 410), (900, 600), (0, 600)], 1)
    s.cut("y", [(0, 438), (900, 424), (900, 560), (0, 574)], 1.4)
    s.line("k", 0, 438, 900, 424, 4.5)
    s.line("k", 0, 574, 900, 560, 5)
    for _ in range(32):
        x, y = s.R.uniform(0, 820), s.R.uniform(446, 560)
        s.lens("o", x, y, x + s.R.uniform(40, 130), y - 1.5, 1.2)
    # anvil on its block
    s.cut("j", [(640, 470), (800, 468), (812, 600), (630, 600)], 1)
    s.hatch("k", [(720, 470), (800, 468), (812, 600), (724, 600)], 1.5, 8, 1, 0.9)
    s.outline("k", [(640, 600), (640, 470), (800, 468), (812, 600)], 3.6, False)
    anvil = [(520, 322), (600, 318), (842, 318), (846, 352), (790, 372), (772, 420), (800, 446), (804, 470), (636, 472), (642, 448), (670, 420), (652, 376), (596, 366)]
    s.flat("k", anvil)
    s.hatch("j", [(660, 372), (786, 372), (770, 420), (672, 420)], 0.2, 8, 1.1, 0.85)
    s.lens("j", 604, 330, 836, 328, 2.6)
    s.brush("k", [(520, 322), (560, 348), (600, 366)], 5, 0.2, 0.1)
    # the hammer, laid down
    s.brush("o", [(610, 246), (720, 282), (876, 318)], 17, 0.03, 0.03, 0.06)
    s.brush("k", [(612, 238), (722, 274), (878, 309)], 2.6, 0.1, 0.2)
    s.brush("k", [(610, 256), (718, 292), (872, 328)], 3, 0.1, 0.2)
    s.cut("k", [(594, 196), (650, 212), (622, 308), (566, 292)], 1)
    s.hatch("j", [(600, 204), (622, 210), (596, 298), (574, 290)], 1.3, 7, 1.2, 0.9)
    # a red-hot bar under it
    s.brush("r", [(650, 314), (740, 312), (838, 314)], 11, 0.02, 0.1)
    s.lens("o", 656, 311, 800, 310, 2)
    # shears in the middle: iron, wide bows
    for sd in (1, -1):
        s.brush("k", [(380 - sd * 8, 340), (380 + sd * 2, 420), (380 + sd * 16, 486)], 19, 0.5, 0.02, 0.06)
        s.brush("k", arc(380 + sd * 46, 530, 44, 38, 0.60 if sd > 0 else 0.90, 1.60 if sd > 0 else -0.10, 20), 13, 0.02, 0.02, 0.08, n=26)
        s.lens("j", 380 - sd * 5, 356, 380 + sd * 8, 440, 2)
    s.circle("o", 381, 452, 8, 0.06, 8)
    # padlock
    x = 128
    s.brush("k", [(x + 20, 496), (x + 22, 452), (x + 44, 436), (x + 72, 436), (x + 94, 452), (x + 96, 496)], 11, 0, 0, 0.08)
    s.cut("k", rect(x, 490, 116, 66), 1.2)
    s.hatch("j", rect(x + 6, 494, 104, 58), 0.1, 11, 1.3, 0.8, 0.4)
    s.circle("o", x + 58, 518, 9, 0.08, 8)
    s.brush("o", [(x + 58, 522), (x + 58, 540)], 6, 0, 0.2)
    # nails
    for x, y, a in ((486, 540, 0.2), (528, 500, -0.5), (560, 552, 0.9), (60, 552, -0.2), (46, 500, 0.7)):
        ux, uy = math.cos(a), math.sin(a)
        s.brush("k", [(x, y), (x + ux * 44, y + uy * 44)], 6, 0, 0.8)
        s.line("k", x - uy * 8, y + ux * 8, x + uy * 8, y - ux * 8, 5)
    return s


def s_paper():
    s = sheet("摊开的文件、毛笔与印", 227)
    # a lattice window, ridge outside, bleeding off the top
    s.cut("w", rect(520, -10, 300, 214), 1)
    prof = s.crest(524, 812, 120, 34, 0.6)
    s.ridge("l", prof, 200, "g", 0.5, 2, 30, 1.2, 14)
    for x in (520, 595, 670, 745, 820):
        s.line("k", x, -10, x, 206, 5 if x in (520, 820) else 3)
    for y in (60, 130):
        s.line("k", 520, y, 820, y, 2.6)
    s.line("k", 510, 206, 832, 206, 7)
    # the desk
    s.cut("y", [(-10, 330), (910, 310), (910, 610), (-10, 610)], 1.4)
    s.line("k", -10, 330, 910, 310, 5)
    for _ in range(44):
        x, y = s.R.uniform(-20, 840), s.R.uniform(340, 596)
        s.lens("o", x, y, x + s.R.uniform(50, 160), y - 3, 1.3)
    # the document: two leaves, upright columns
    leaf1 = [(170, 388), (410, 376), (428, 568), (150, 580)]
    leaf2 = [(410, 376), (652, 372), (696, 556), (428, 568)]
    for leaf in (leaf1, leaf2):
        s.cut("w", leaf, 1, 4, 4)
        s.outline("k", leaf, 3)
    for leaf, n in ((leaf1, 9), (leaf2, 9)):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = leaf
        for i in range(1, n):
            t = i / n
            x0, y0 = ax + (bx - ax) * t, ay + (by - ay) * t
            x1, y1 = dx + (cx - dx) * t, dy + (cy - dy) * t
            s.line("r", x0 + (x1 - x0) * 0.05, y0 + (y1 - y0) * 0.05, x0 + (x1 - x0) * 0.95, y0 + (y1 - y0) * 0.95, 1.1, 0.5)
        for i in range(n):
            t = (i + 0.5) / n
            x0, y0 = ax + (bx - ax) * t, ay + (by - ay) * t
            x1, y1 = dx + (cx - dx) * t, dy + (cy - dy) * t
            last = s.R.uniform(0.6, 0.92)
            u = 0.12
            while u < last:
                gx, gy = x0 + (x1 - x0) * u, y0 + (y1 - y0) * u
                for _ in range(3):
                    s.lens("k", gx + s.R.uniform(-5, 3), gy + s.R.uniform(-3, 3), gx + s.R.uniform(-2, 6), gy + s.R.uniform(-4, 5), 1.5)
                u += 0.083
    # seal, its pad, and the mark it left
    s.seal(206, 494, 44)
    s.cut("d", [(730, 446), (792, 440), (798, 520), (736, 526)], 1, 3, 3)
    s.outline("k", [(730, 446), (792, 440), (798, 520), (736, 526)], 3.4)
    s.hatch("k", [(764, 444), (792, 440), (798, 520), (768, 524)], 1.4, 7, 1, 0.9)
    s.circle("r", 846, 500, 36, 0.02, 14, 17)
    ring(s, "k", 846, 500, 46, 4, 24)
    s.brush("k", [(800, 502), (806, 524), (846, 532), (886, 524), (892, 502)], 4.5, 0.05, 0.05)
    # brush on its rest, ink stone
    s.brush("o", [(40, 470), (120, 388), (206, 300)], 11, 0.02, 0.02, 0.05)
    s.brush("k", [(44, 476), (124, 394), (212, 304)], 2.4, 0.1, 0.2)
    s.brush("k", [(42, 468), (20, 496), (2, 520)], 15, 0.04, 0.9)
    s.circle("k", 92, 556, 62, 0.02, 14, 24)
    s.circle("j", 92, 550, 46, 0.03, 12, 14)
    s.circle("k", 104, 551, 26, 0.06, 10, 8)
    # a cup with steam
    s.blob("w", [(470, 268), (476, 326), (500, 344), (540, 344), (562, 326), (568, 268)])
    s.circle("o", 519, 268, 46, 0.02, 14, 10)
    ring(s, "k", 519, 268, 50, 3, 12)
    s.brush("k", [(470, 268), (477, 326), (502, 345), (540, 345), (562, 326), (569, 268)], 4, 0.05, 0.05)
    s.lens("r", 474, 284, 564, 284, 2)
    s.leaf(500, 318, 34, -0.5, 8, "r")
    for dx in (-14, 10):
        s.brush("j", [(519 + dx, 254), (512 + dx, 236), (526 + dx, 220), (516 + dx, 200)], 2.6, 0.2, 0.7)
    return s


def s_plot():
    s = sheet("量好的一块地", 229)
    sun(s, 700, 130, 42, "o")
    ridges(s, ("m", 236, 56, "l", 400), ("l", 300, 50, "g", 440))
    prof = s.crest(-30, 940, 366, 26, 0.4)
    s.ridge("g", prof, 470, "d", 0.5, 2, 30, 1.4, 14)
    for x, h in ((60, 74), (96, 54), (846, 66)):
        ty = min(prof, key=lambda q: abs(q[0] - x))[1]
        s.tree(x, ty + 8, h)
    # levelled ground, strips in perspective
    s.cut("q", [(-10, 412), (910, 398), (910, 610), (-10, 610)], 1)
    field = [(190, 428), (700, 416), (900, 560), (60, 586)]
    s.cut("y", field, 1.2, 3, 3)
    for i in range(1, 12):
        t = (i / 12) ** 1.5
        x0, y0 = 190 + (60 - 190) * t, 428 + 158 * t
        x1, y1 = 700 + 200 * t, 416 + 144 * t
        s.line("o", x0 + 8, y0, x1 - 8, y1, 0.9 + t * 1.4, 1.2)
    for _ in range(60):
        t = s.R.random()
        y = 424 + 150 * t
        x = s.R.uniform(190 - 110 * t, 690 + 170 * t)
        s.lens("o", x, y, x + 14 + 30 * t, y - 1, 1)
    # pegs and string
    pegs = [(190, 428), (440, 421), (700, 416), (900, 560), (470, 573), (60, 586)]
    for (x, y), (a, b) in zip(pegs, pegs[1:] + pegs[:1], strict=True):
        hx, hy = 16 + (y - 416) * 0.16, 16 + (b - 416) * 0.16
        s.brush("r", [(x, y - hx), ((x + a) / 2, (y + b) / 2 - (hx + hy) / 2 + 4), (a, b - hy)], 2.4, 0.05, 0.05, 0.1, n=12)
    for x, y in pegs:
        h = 26 + (y - 416) * 0.2
        s.brush("k", [(x, y + 6), (x, y - h)], 5 + (y - 416) * 0.03, 0, 0.1)
        s.lens("w", x, y - h * 0.9, x, y - h * 0.55, 2)
    # road to the right
    s.cut("w", [(742, 408), (790, 406), (960, 500), (960, 590)], 1)
    s.line("j", 742, 408, 960, 590, 3)
    s.line("j", 790, 406, 960, 500, 2.4)
    # the level on its tripod, and the one who reads it, from behind
    x, y = 330, 360
    for dx in (-44, 6, 48):
        s.brush("k", [(x, y + 8), (x + dx, y + 168)], 6, 0.02, 0.2)
    s.line("k", x - 30, y + 110, x + 32, y + 110, 2)
    s.cut("o", [(x - 20, y - 10), (x + 20, y - 10), (x + 18, y + 10), (x - 18, y + 10)], 0.8, 2, 2)
    s.outline("k", [(x - 20, y - 10), (x + 20, y - 10), (x + 18, y + 10), (x - 18, y + 10)], 2.8)
    s.brush("k", [(x - 14, y - 22), (x + 20, y - 25), (x + 52, y - 28)], 16, 0.05, 0.02, 0.06)
    s.circle("l", x + 54, y - 28, 7, 0.06, 8)
    s.circle("k", x, y - 14, 8, 0.06, 8)
    px, py = 262, 536
    s.blob("d", [(px - 30, py), (px - 28, py - 92), (px - 14, py - 122), (px + 12, py - 124), (px + 28, py - 96), (px + 32, py)])
    s.hatch("k", [(px, py), (px + 28, py), (px + 26, py - 94), (px + 4, py - 116)], 1.35, 8, 1, 0.9)
    s.brush("k", [(px + 20, py - 104), (px + 44, py - 130), (px + 52, py - 176)], 11, 0.05, 0.2)
    s.circle("k", px + 6, py - 142, 19, 0.03, 12)
    s.blob("o", [(px - 18, py - 148), (px - 12, py - 166), (px + 8, py - 172), (px + 26, py - 162), (px + 30, py - 148)])
    s.line("k", px - 24, py - 147, px + 36, py - 147, 4.5)
    for dx in (-14, 12):
        s.line("k", px + dx, py, px + dx * 1.1, py + 52, 14)
    birds(s, [(470, 120, 13), (504, 138, 10), (448, 150, 9)])
    return s


def tower_block(s, x, w, top, cls, base, slant=0):
    """a nameless high-rise"""
    q = [(x, base), (x, top + slant), (x + w, top), (x + w, base)]
    s.flat(cls, [(a + 4, b + 2) for a, b in q])
    s.hatch("k" if cls in "dg" else "d", [(x + w * 0.58, base), (x + w * 0.58, top + slant), (x + w - 2, top + 8), (x + w, base)], s.R.choice([0.0, 1.57]), 9, 0.9, 0.9)
    for i in range(int((base - top - 30) / 16)):
        yy = base - 12 - i * 16
        s.line("p" if cls in "dg" else "k", x + w * 0.14, yy, x + w * 0.5, yy, 1.5, 0.5)
    s.outline("k", q, 2.6, False)


def crowns(s, x0, x1, y, r0, r1, step):
    """a row of trees, as one band of round dabs"""
    x = x0
    while x < x1:
        r = s.R.uniform(r0, r1)
        s.circle("g" if s.R.random() < 0.6 else "d", x, y + s.R.uniform(-4, 4), r, 0.12, 9, r * 0.74)
        s.lens("k", x - r * 0.6, y + 5, x + r * 0.7, y, 1.3)
        x += step * s.R.uniform(0.8, 1.2)


def s_roofs():
    s = sheet("灰瓦院落与远处的楼", 233)
    for x, w, top, c in ((520, 56, 170, "m"), (596, 46, 120, "l"), (660, 64, 196, "m"), (740, 52, 146, "l"), (812, 60, 210, "m")):
        tower_block(s, x, w, top, c, 360, 14 if c == "m" else 0)
    crowns(s, -10, 920, 352, 24, 42, 40)
    crowns(s, -10, 920, 384, 20, 34, 34)
    # courtyard roofs, row over row, seen from above the street
    for x, y, half, h, c in ((150, 372, 170, 54, "j"), (520, 380, 150, 50, "j"), (820, 376, 150, 52, "j"), (330, 440, 200, 62, "j"), (720, 452, 190, 60, "j")):
        s.cut("w", rect(x - half * 0.86, y + h - 6, half * 1.72, 60), 1)
        for k in range(3):
            wx = x - half * 0.6 + k * half * 0.5
            s.cut("k", rect(wx, y + h + 12, half * 0.18, 34), 0.6)
        eave(s, x, y, half, h, 8, "k", c)
        s.line("k", x - half * 0.76, y - 5, x + half * 0.76, y - 5, 7)
    # the near wall and its door
    s.cut("q", rect(-10, 540, 920, 70), 1)
    s.line("k", -10, 540, 910, 538, 6)
    for i in range(46):
        s.brush("k", arc(i * 20 - 4, 541, 10, 8, 0.02, 0.48, 6), 2.4, 0.1, 0.1, n=6)
    s.cut("r", rect(428, 548, 74, 60), 0.8, 2, 2)
    s.outline("k", rect(428, 548, 74, 60), 3.4, False)
    s.line("k", 465, 548, 465, 604, 2.6)
    s.circle("o", 456, 580, 4, 0.1, 7)
    s.circle("o", 474, 580, 4, 0.1, 7)
    # one bare persimmon tree leans over
    s.brush("k", [(250, 560), (262, 470), (236, 380), (258, 290), (240, 200)], 20, 0.02, 0.6)
    for a, b, c, d, e, f in ((254, 440, 310, 380, 350, 300), (246, 380, 180, 320, 150, 240), (252, 320, 310, 260, 324, 180), (246, 280, 200, 210, 196, 140), (310, 380, 372, 360, 410, 318), (180, 320, 120, 300, 84, 250)):
        s.brush("k", [(a, b), (c, d), (e, f)], 9, 0.02, 0.9)
        for _ in range(5):
            t = s.R.uniform(0.45, 1.05)
            px, py = c + (e - c) * t + s.R.uniform(-16, 16), d + (f - d) * t + s.R.uniform(-6, 18)
            s.circle("o", px, py, 8, 0.08, 9)
            s.lens("k", px - 4, py - 7, px + 5, py - 8, 2)
    birds(s, [(430, 108, 13), (464, 126, 10), (404, 134, 9)])
    return s


def s_canal():
    s = sheet("水巷、石桥与白墙", 239)
    # water first: it runs to the eye
    s.cut("m", [(-10, 610), (330, 372), (560, 372), (910, 610)], 1)
    # houses on both banks
    for side, rows in ((-1, ((-30, 150, 210, 548), (160, 262, 250, 450), (268, 332, 290, 400))), (1, ((930, 740, 190, 552), (730, 626, 240, 452), (620, 556, 286, 402)))):
        for x0, x1, top, ground in rows:
            lo, hi = min(x0, x1), max(x0, x1)
            s.cut("w", rect(lo, top + 54, hi - lo, ground - top - 54), 1, 3, 2)
            s.hatch("j", rect(lo + (hi - lo) * (0.0 if side > 0 else 0.62), top + 70, (hi - lo) * 0.38, ground - top - 74), 1.5, 12, 0.9, 0.7, 0.5)
            z = (hi - lo) / 180
            for k in range(2):
                wx = lo + (hi - lo) * (0.18 + k * 0.42)
                s.cut("d", rect(wx, top + 92 * z + 40, 36 * z, 46 * z), 0.6, 2, 2)
                s.outline("k", rect(wx, top + 92 * z + 40, 36 * z, 46 * z), 2.2)
                s.line("k", wx + 18 * z, top + 92 * z + 40, wx + 18 * z, top + 138 * z + 40, 1.4)
            # stepped gable
            n = [(lo - 8, top + 58), (lo - 8, top + 34), (lo + (hi - lo) * 0.24, top + 34), (lo + (hi - lo) * 0.24, top + 12), (lo + (hi - lo) * 0.76, top + 12), (lo + (hi - lo) * 0.76, top + 34), (hi + 8, top + 34), (hi + 8, top + 58)]
            s.cut("w", n, 0.8, 2, 2)
            for (ax, ay), (bx, by) in zip(n, n[1:], strict=False):
                if ay == by:
                    s.line("k", ax - 7, ay, bx + 7, by, 9)
                    s.line("j", ax, ay + 8, bx, by + 8, 2)
            s.line("k", lo, top + 60, lo, ground, 2.6)
            s.line("k", hi, top + 60, hi, ground, 2.6)
            s.cut("j", rect(lo - 4, ground - 4, hi - lo + 8, 16), 1)
            for k in range(int((hi - lo) / 26)):
                s.line("k", lo + k * 26, ground - 4, lo + k * 26 + 2, ground + 12, 1.4)
    # arched bridge and what is seen through it
    s.cut("q", [(300, 388), (380, 326), (446, 306), (512, 326), (592, 388), (592, 402), (300, 402)], 1)
    s.blob("m", [(372, 404), (384, 360), (446, 334), (508, 360), (520, 404)])
    s.hatch("j", [(300, 390), (380, 330), (446, 310), (512, 330), (592, 390)], 0.05, 9, 1, 0.9, 0.4)
    s.brush("k", [(368, 404), (382, 360), (446, 332), (510, 360), (524, 404)], 5, 0.05, 0.05)
    s.brush("k", [(292, 392), (378, 324), (446, 303), (514, 324), (600, 392)], 6.5, 0.05, 0.05)
    for k in range(7):
        x = 378 + k * 22.6
        y = 325 - 22 * math.sin(math.pi * (k / 6))
        s.line("k", x, y, x, y - 20, 3)
    s.brush("k", [(374, 306), (446, 282), (518, 306)], 4, 0.05, 0.05)
    crowns(s, 390, 510, 268, 14, 22, 24)
    water(s, 404, n=120, x0=120, x1=760)
    for k in range(10):
        s.lens("k", 404 + s.R.uniform(0, 20), 408 + k * 8, 474 + s.R.uniform(-10, 16), 408 + k * 8, 2)
    # boat, and one red lantern
    x, y = 496, 520
    s.brush("k", [(x - 120, y - 14), (x - 60, y + 18), (x + 50, y + 18), (x + 120, y - 20)], 14, 0.2, 0.3)
    s.blob("o", [(x - 44, y + 8), (x - 38, y - 36), (x, y - 48), (x + 40, y - 36), (x + 46, y + 8)])
    s.hatch("k", [(x - 40, y + 6), (x - 34, y - 34), (x, y - 46), (x + 36, y - 34), (x + 42, y + 6)], 1.25, 8, 1, 0.95)
    person(s, x + 78, y + 4, 0.92, "d")
    s.line("k", x + 94, y - 44, x + 150, y + 70, 3.4)
    s.line("k", 262, 306, 306, 306, 4)
    s.line("k", 300, 306, 300, 324, 2)
    s.circle("r", 300, 342, 17, 0.03, 12, 19)
    s.line("k", 290, 324, 310, 324, 3)
    s.line("k", 290, 361, 310, 361, 3)
    s.line("o", 300, 362, 300, 380, 2.4)
    birds(s, [(420, 120, 13), (454, 140, 10)])
    return s


def s_lake():
    s = sheet("湖、柳与小舟", 241)
    sun(s, 640, 150, 44)
    ridges(s, ("m", 268, 40, "l", 400))
    for x, w, top, c in ((96, 34, 236, "m"), (138, 40, 206, "l"), (186, 34, 248, "m")):
        tower_block(s, x, w, top, c, 352)
    s.ridge("l", [(x, 330 - 42 * math.exp(-(((x - 470) / 210) ** 2)) - 26 * math.exp(-(((x - 830) / 120) ** 2)) + s.R.uniform(-2, 2)) for x in range(-20, 930, 15)], 420, "g", 0.6, 3, 46, 1.5, 16)
    crowns(s, -10, 920, 364, 12, 20, 22)
    s.cut("m", [(-10, 374), (910, 378), (910, 610), (-10, 610)], 1)
    # a causeway with a small arch
    s.cut("g", [(520, 392), (910, 384), (910, 402), (520, 404)], 1)
    s.blob("q", [(640, 398), (664, 374), (700, 366), (736, 374), (760, 396)])
    s.blob("m", [(676, 399), (684, 386), (700, 381), (716, 386), (724, 399)])
    s.brush("k", [(632, 398), (664, 373), (700, 364), (736, 373), (768, 396)], 4, 0.05, 0.05)
    s.brush("k", [(674, 400), (684, 386), (700, 381), (716, 386), (726, 400)], 3, 0.05, 0.05)
    water(s, 398, n=140)
    for i in range(12):
        s.lens("r", 616 + s.R.uniform(-16, 10), 410 + i * 9, 656 + s.R.uniform(-10, 22), 410 + i * 9, 1.8)
    # lotus at the near edge
    for x, y, r in ((620, 548, 62), (742, 576, 74), (852, 534, 58), (690, 508, 34), (884, 590, 60)):
        s.circle("g", x + 4, y + 3, r, 0.04, 14, r * 0.34)
        ring(s, "k", x, y, r, 2.8, r * 0.34)
        for k in range(7):
            a = TAU * k / 7 + 0.2
            s.lens("k", x, y, x + math.cos(a) * r * 0.8, y + math.sin(a) * r * 0.27, 1.2)
    fx, fy = 742, 508
    s.brush("k", [(748, 570), (744, 540), (fx, fy)], 4, 0, 0.1)
    for a in (-2.5, -2.0, -1.57, -1.1, -0.6):
        s.lens("w", fx, fy + 4, fx + math.cos(a) * 40, fy + math.sin(a) * 44, 13)
        s.lens("t", fx, fy + 2, fx + math.cos(a) * 34, fy + math.sin(a) * 40, 6)
        s.brush("r", [(fx, fy + 4), (fx + math.cos(a - 0.25) * 26, fy + math.sin(a - 0.25) * 26), (fx + math.cos(a) * 40, fy + math.sin(a) * 44)], 2, 0.1, 0.3, n=6)
    # boat
    x, y = 356, 486
    s.brush("k", [(x - 96, y - 10), (x - 44, y + 14), (x + 44, y + 14), (x + 98, y - 12)], 11, 0.2, 0.3)
    s.blob("w", [(x - 40, y + 6), (x - 40, y - 34), (x + 40, y - 34), (x + 42, y + 6)])
    s.brush("k", [(x - 54, y - 34), (x, y - 52), (x + 54, y - 34)], 8, 0.15, 0.15)
    for k in (-40, -12, 14, 40):
        s.line("k", x + k, y - 34, x + k, y + 8, 3)
    # willow over the left half, leaving the sheet
    s.brush("k", [(36, 610), (54, 470), (20, 330), (74, 190), (44, 40), (70, -20)], 44, 0.02, 0.3, 0.12)
    s.brush("k", [(62, 220), (150, 120), (250, 84)], 16, 0.02, 0.8)
    s.brush("k", [(50, 110), (130, 30), (240, 4)], 14, 0.02, 0.8)
    for i in range(26):
        x0 = 70 + i * 9.5 + s.R.uniform(-8, 8)
        y0 = (110 if i % 2 else 30) - (x0 - 70) * 0.12 + s.R.uniform(-14, 14)
        length = s.R.uniform(150, 330) * (1.1 - (x0 - 70) / 420)
        pts = [(x0, y0), (x0 + 8, y0 + length * 0.4), (x0 + s.R.uniform(-4, 14), y0 + length)]
        s.brush("d", pts, 2, 0.05, 0.8)
        for k in range(int(length / 15)):
            t = (k + 1) / (length / 15)
            lx, ly = x0 + 8 * t + s.R.uniform(-2, 2), y0 + length * t
            sd = 1 if k % 2 else -1
            s.lens("g", lx, ly, lx + sd * 9, ly + 17, 3, sd * 2)
    birds(s, [(470, 110, 13), (504, 128, 10)])
    return s


def s_river():
    s = sheet("江岸、货轮与对岸的楼", 251)
    sun(s, 172, 130, 42, "o")
    for x, w, top, c, sl in ((300, 50, 236, "m", 0), (360, 42, 190, "l", 16), (414, 56, 222, "m", 0), (640, 54, 206, "m", 12), (706, 46, 168, "l", 0), (772, 58, 228, "m", 20), (846, 60, 190, "l", 0)):
        tower_block(s, x, w, top, c, 372, sl)
    for x, w, top, c, sl in ((330, 62, 272, "w", 0), (452, 58, 156, "g", 22), (516, 70, 110, "d", 0), (592, 56, 244, "t", 14), (668, 60, 262, "w", 0), (738, 58, 296, "g", 0), (806, 70, 258, "w", 18)):
        tower_block(s, x, w, top, c, 374, sl)
    s.line("k", 551, 110, 551, 66, 3)
    crowns(s, 200, 920, 372, 10, 17, 19)
    s.cut("m", [(-10, 380), (910, 384), (910, 610), (-10, 610)], 1)
    water(s, 388, n=150)
    # a freighter, low in the water
    s.flat("k", [(330, 446), (812, 446), (788, 500), (366, 500)])
    s.flat("r", [(360, 488), (792, 488), (788, 502), (366, 502)])
    s.lens("p", 350, 458, 800, 458, 1.8)
    cols = "gotdlwogtd"
    for r in range(2):
        for k in range(9 - r):
            x = 400 + k * 37 + r * 18
            y = 446 - (r + 1) * 27
            s.cut(cols[(k * 3 + r * 4) % 10], rect(x, y, 35, 26), 0.5, 1, 1)
            s.outline("k", rect(x, y, 35, 26), 1.8, True, 1)
    box(s, "w", rect(742, 372, 48, 74), 3)
    for k in range(3):
        s.line("k", 750, 386 + k * 14, 784, 386 + k * 14, 2.4)
    s.cut("o", rect(752, 344, 20, 28), 0.6)
    s.outline("k", rect(752, 344, 20, 28), 2.4)
    s.brush("j", [(762, 340), (776, 316), (770, 294), (800, 272)], 6, 0.2, 0.7)
    for k in range(12):
        s.lens("k", 350 + s.R.uniform(0, 60), 508 + k * 5, 760 + s.R.uniform(-60, 20), 508 + k * 5, 1.6)
    # the quay and a crane, off the left edge
    s.cut("j", [(-10, 520), (330, 530), (372, 610), (-10, 610)], 1)
    s.line("k", -10, 520, 330, 530, 6)
    s.hatch("k", [(-10, 526), (330, 534), (366, 606), (-10, 606)], 0.05, 11, 1, 0.9)
    s.line("k", 70, 522, 96, 250, 8)
    s.line("k", 150, 524, 120, 250, 8)
    for k in range(8):
        t = k / 8
        s.line("k", 70 + 26 * t, 522 - 272 * t, 150 - 30 * (t + 0.12), 524 - 274 * (t + 0.12), 2.4)
        s.line("k", 150 - 30 * t, 524 - 274 * t, 70 + 26 * (t + 0.12), 522 - 272 * (t + 0.12), 2.4)
    s.cut("r", rect(78, 218, 62, 40), 1, 2, 2)
    s.outline("k", rect(78, 218, 62, 40), 3.2)
    s.line("k", 20, 240, 330, 186, 7)
    s.line("k", 110, 218, 110, 130, 5)
    s.line("k", 110, 132, 326, 188, 2.6)
    s.line("k", 110, 132, 24, 238, 2.6)
    s.line("k", 300, 192, 300, 300, 2.4)
    s.cut("g", rect(268, 304, 66, 34), 0.6, 2, 2)
    s.outline("k", rect(268, 304, 66, 34), 2.8)
    s.line("k", 300, 298, 270, 306, 2)
    s.line("k", 300, 298, 332, 306, 2)
    person(s, 226, 546, 0.95, "d")
    birds(s, [(400, 84, 13), (434, 102, 10), (376, 112, 9)])
    return s


def s_stage():
    s = sheet("戏台：一面鼓，一把胡琴", 257)
    # the stage house, cropped by the sheet
    s.cut("t", rect(120, 150, 660, 300), 1)
    s.hatch("k", rect(130, 152, 640, 40), 0, 8, 1, 0.95)
    s.cut("y", rect(250, 196, 400, 232), 1)
    prof = s.crest(252, 646, 300, 34, 0.6)
    s.ridge("m", prof, 424, "l", 0.6, 3, 50, 1.4, 16)
    s.circle("r", 560, 252, 24, 0.02, 12)
    s.outline("k", rect(250, 196, 400, 232), 4)
    # curtains
    for sd in (-1, 1):
        x0 = 140 if sd < 0 else 760
        s.flat("g", [(x0, 196), (x0 - sd * 116, 196), (x0 - sd * 96, 270), (x0 - sd * 44, 330), (x0 - sd * 60, 440), (x0, 440)])
        for k in range(7):
            t = k / 7
            s.brush("d", [(x0 - sd * 108 * t, 198), (x0 - sd * (88 * t + 4), 280), (x0 - sd * (40 * t + 6), 334)], 2.4, 0.05, 0.4)
            s.brush("d", [(x0 - sd * (40 * t + 6), 338), (x0 - sd * (52 * t + 4), 400), (x0 - sd * (58 * t + 2), 440)], 2.2, 0.1, 0.3)
        s.brush("o", [(x0, 326), (x0 - sd * 24, 340), (x0 - sd * 50, 330)], 7, 0.1, 0.1)
    for x in (132, 768):
        s.cut("r", rect(x - 11, 150, 22, 304), 0.6)
        s.line("k", x + 11, 150, x + 11, 454, 2)
    eave(s, 450, 44, 440, 112, 40, "k", "d")
    s.brush("o", [(450, 44), (450, 8)], 12, 0.3, 0.5)
    # stage floor
    s.cut("o", [(70, 450), (830, 450), (858, 476), (42, 476)], 1)
    s.line("k", 70, 450, 830, 450, 4)
    s.cut("j", rect(42, 476, 816, 34), 1)
    s.hatch("k", rect(42, 478, 816, 30), 0.9, 13, 1, 0.9)
    s.line("k", 36, 476, 864, 476, 6)
    # drum on its stand
    x, y = 390, 366
    s.line("k", x - 44, y + 28, x - 62, 450, 6)
    s.line("k", x + 44, y + 28, x + 62, 450, 6)
    s.line("k", x - 52, y + 60, x + 52, y + 60, 4)
    s.blob("r", [(x - 58, y - 30), (x - 70, y + 4), (x - 56, y + 40), (x, y + 50), (x + 56, y + 40), (x + 70, y + 4), (x + 58, y - 30)])
    s.hatch("k", [(x + 8, y - 10), (x + 60, y - 20), (x + 66, y + 8), (x + 50, y + 38), (x + 8, y + 46)], 1.5, 8, 1, 0.9)
    s.circle("w", x, y - 32, 59, 0.01, 16, 17)
    ring(s, "k", x, y - 32, 60, 3.6, 18)
    for k in range(9):
        s.circle("o", x - 56 + k * 14, y - 10 + 9 * math.sin(math.pi * k / 8), 3.4, 0.1, 7)
    s.brush("k", [(x - 58, y - 30), (x - 71, y + 4), (x - 56, y + 41), (x, y + 51), (x + 56, y + 41), (x + 71, y + 4), (x + 58, y - 30)], 3.8, 0.05, 0.05)
    s.line("k", x - 20, y - 40, x + 52, y - 72, 5)
    s.line("k", x + 4, y - 36, x + 76, y - 56, 5)
    # gong on a frame
    s.line("k", 486, 450, 496, 282, 6)
    s.line("k", 592, 450, 582, 282, 6)
    s.line("k", 482, 284, 598, 284, 7)
    s.line("k", 522, 286, 516, 320, 2)
    s.line("k", 556, 286, 562, 320, 2)
    s.circle("o", 539, 360, 44, 0.01, 16)
    ring(s, "k", 539, 360, 44, 4)
    ring(s, "y", 539, 360, 30, 2)
    s.circle("y", 539, 360, 14, 0.04, 10)
    # a chair with a fiddle leaning on it
    s.line("k", 664, 450, 668, 360, 5)
    s.line("k", 724, 450, 722, 330, 5)
    s.cut("o", [(656, 398), (730, 398), (736, 410), (652, 410)], 0.6)
    s.outline("k", [(656, 398), (730, 398), (736, 410), (652, 410)], 3)
    s.line("k", 668, 360, 722, 332, 4)
    s.brush("k", [(690, 440), (672, 300), (664, 232)], 5, 0.02, 0.1)
    s.circle("o", 688, 428, 19, 0.04, 12)
    ring(s, "k", 688, 428, 19, 3)
    s.line("k", 660, 250, 684, 246, 4)
    s.line("k", 662, 268, 686, 264, 4)
    s.brush("j", [(700, 446), (716, 330), (706, 226)], 2.4, 0.05, 0.1)
    # the audience: backs of heads, a few benches
    s.cut("q", rect(-10, 510, 920, 100), 1)
    for x, z, c in ((70, 1.25, "d"), (190, 1.1, "r"), (286, 1.3, "g"), (402, 1.15, "d"), (520, 1.28, "j"), (640, 1.1, "g"), (742, 1.3, "d"), (846, 1.16, "o")):
        yb = 612
        s.blob(c, [(x - 34 * z, yb), (x - 30 * z, yb - 30 * z), (x - 12 * z, yb - 42 * z), (x + 12 * z, yb - 42 * z), (x + 30 * z, yb - 30 * z), (x + 35 * z, yb)])
        s.hatch("k", [(x, yb), (x + 30 * z, yb - 28 * z), (x + 10 * z, yb - 40 * z)], 1.3, 7, 1, 0.9)
        s.circle("k", x + 1, yb - 58 * z, 17 * z, 0.04, 12, 19 * z)
    return s


def s_food():
    s = sheet("一案肉，一碗面", 263)
    s.cut("y", [(-10, 250), (910, 236), (910, 610), (-10, 610)], 1.4)
    s.line("k", -10, 250, 910, 236, 5)
    for _ in range(52):
        x, y = s.R.uniform(-20, 840), s.R.uniform(262, 596)
        s.lens("o", x, y, x + s.R.uniform(50, 170), y - 3, 1.3)
    # the wall behind: a string of chillies, the one red
    s.line("k", 690, 14, 712, 20, 4)
    s.brush("k", [(702, 20), (698, 80), (706, 160), (700, 206)], 3, 0.05, 0.2)
    for k in range(24):
        t = k / 24
        x, y = 702 + (8 if k % 2 else -8), 34 + t * 164
        sd = 1 if k % 2 else -1
        s.lens("r", x, y, x + sd * 30, y + 30, 8, sd * 5)
        s.lens("g", x - sd * 3, y - 3, x + sd * 5, y + 2, 3)
    # jar
    s.blob("k", [(94, 118), (60, 170), (62, 268), (96, 312), (196, 312), (230, 268), (232, 170), (198, 118)])
    s.hatch("j", [(160, 130), (222, 172), (222, 264), (186, 304), (150, 304)], 1.45, 9, 1.3, 0.9)
    s.cut("q", [(90, 120), (202, 120), (192, 92), (100, 92)], 1)
    s.outline("k", [(90, 120), (202, 120), (192, 92), (100, 92)], 3.4)
    s.cut("w", rect(112, 186, 70, 70), 1)
    s.leaf(124, 232, 46, -0.5, 10, "r")
    # board with sliced meat
    board = [(256, 372), (640, 356), (676, 500), (236, 520)]
    s.cut("o", board, 1.2, 4, 5)
    s.hatch("k", [(236, 520), (676, 500), (676, 516), (238, 536)], 0.1, 7, 1, 0.95)
    s.outline("k", board, 4)
    for k in range(9):
        x = 292 + k * 26
        y = 452 - k * 3.4
        slice_ = [(x, y), (x + 12, y - 58), (x + 48, y - 66), (x + 66, y - 40), (x + 58, y - 4), (x + 26, y + 10)]
        s.blob("t", [(a + 2, b + 3) for a, b in slice_])
        s.hatch("r", slice_, 1.2, 9, 0.9, 0.6, 0.6, 0.9)
        s.brush("k", [*slice_, slice_[0]], 3, 0.05, 0.05, n=22)
    meat = [(548, 430), (552, 374), (600, 356), (640, 372), (650, 420), (612, 452)]
    s.blob("j", meat)
    s.blob("t", [(540, 424), (546, 378), (580, 366), (590, 410), (570, 444)])
    s.hatch("k", [(600, 362), (640, 376), (646, 420), (612, 448)], 1.2, 8, 1.1, 0.95)
    s.brush("k", [*meat, meat[0]], 3.6, 0.05, 0.05)
    # the broad knife
    s.cut("w", [(300, 540), (470, 520), (486, 574), (318, 596)], 1, 3, 3)
    s.hatch("j", [(310, 566), (480, 548), (486, 574), (318, 596)], 0.05, 7, 1, 0.95)
    s.outline("k", [(300, 540), (470, 520), (486, 574), (318, 596)], 3.4)
    s.brush("k", [(470, 534), (530, 526), (588, 520)], 20, 0.02, 0.05, 0.06)
    # noodles in a bowl
    x, y, rx = 770, 388, 108
    s.flat("w", [(x - rx, y), (x - rx * 0.9, y + 54), (x - rx * 0.5, y + 104), (x + rx * 0.5, y + 104), (x + rx * 0.9, y + 54), (x + rx, y)])
    s.hatch("j", [(x + 20, y + 20), (x + rx * 0.96, y + 8), (x + rx * 0.86, y + 56), (x + rx * 0.46, y + 102), (x + 16, y + 102)], 1.3, 9, 1, 0.9)
    s.circle("y", x, y, rx, 0.008, 18, 32)
    for k in range(26):
        a, r = s.R.uniform(0, TAU), s.R.uniform(0.1, 0.72)
        cx, cy = x + math.cos(a) * rx * r, y + math.sin(a) * 26 * r
        s.brush("o", [(cx - 24, cy), (cx - 6, cy - 7), (cx + 10, cy + 5), (cx + 28, cy - 2)], 2.6, 0.1, 0.2, n=7)
    for dx, dy in ((-40, -4), (-22, 8), (14, -8), (36, 4), (2, 6)):
        s.lens("g", x + dx, y + dy, x + dx + 16, y + dy - 4, 4)
    ring(s, "k", x, y, rx, 4, 32)
    ring(s, "r", x, y + 2, rx * 0.94, 2, 28)
    s.brush("k", [(x - rx, y), (x - rx * 0.9, y + 54), (x - rx * 0.5, y + 104), (x + rx * 0.5, y + 104), (x + rx * 0.9, y + 54), (x + rx, y)], 4.4, 0.05, 0.05)
    s.lens("r", x - rx * 0.86, y + 66, x + rx * 0.86, y + 66, 2.4)
    for dx in (-34, 0, 34):
        s.brush("j", [(x + dx, y - 40), (x + dx + 12, y - 70), (x + dx - 6, y - 100), (x + dx + 10, y - 134)], 3, 0.3, 0.6)
    # chopsticks off the right edge, a small dish
    s.line("k", 640, 566, 930, 512, 6)
    s.line("k", 650, 584, 930, 534, 6)
    s.circle("w", 112, 446, 72, 0.01, 16, 26)
    ring(s, "k", 112, 446, 72, 3.4, 26)
    s.circle("k", 112, 446, 46, 0.02, 14, 14)
    s.lens("j", 84, 442, 132, 440, 2)
    return s


def s_village():
    s = sheet("山脚的村镇与梯田", 269)
    sun(s, 236, 128, 40)
    ridges(s, ("m", 228, 58, "l", 400), ("l", 292, 50, "g", 420))
    # terraces step down, each with its own crop
    edge = [330, 366, 398, 436, 480, 530, 610]
    for i, cls in enumerate(("g", "y", "l", "o", "y", "l")):
        top = [(x, edge[i] + 16 * math.sin(x / 170 + i * 1.3) + 6 * math.sin(x / 61 + i)) for x in range(-20, 930, 24)]
        s.flat(cls, [*top, (930, 620), (-20, 620)])
        s.brush("k", top, 3, 0.1, 0.1, n=26)
        for _ in range(46):
            x = s.R.uniform(-10, 900)
            y = edge[i] + 16 * math.sin(x / 170 + i * 1.3) + 6 * math.sin(x / 61 + i) + s.R.uniform(8, 30)
            s.lens("d" if cls in "gl" else "k", x, y, x + s.R.uniform(-3, 3), y - 5 - i * 1.6, 1.2)
    # the road goes up to the houses
    s.blob("w", [(300, 620), (380, 540), (470, 500), (500, 452), (560, 424), (576, 432), (530, 466), (520, 512), (470, 556), (430, 620)])
    # houses, the far ones first
    for x, y, w, c in ((470, 352, 70, "d"), (566, 344, 82, "j"), (676, 352, 74, "d"), (780, 362, 84, "j"), (520, 396, 104, "d"), (650, 402, 120, "j"), (796, 416, 116, "d")):
        h = w * 0.42
        s.cut("w", rect(x, y, w, h), 0.8, 2, 2)
        s.line("k", x, y, x, y + h, 2.2)
        s.line("k", x + w, y, x + w, y + h, 2.2)
        s.cut("t", rect(x + w * 0.42, y + h * 0.3, w * 0.17, h * 0.7), 0.5)
        s.outline("r", rect(x + w * 0.42, y + h * 0.3, w * 0.17, h * 0.7), 1.8, True, 1)
        for k in (0.14, 0.7):
            s.cut("k", rect(x + w * k, y + h * 0.32, w * 0.15, h * 0.34), 0.5)
        eave(s, x + w / 2, y - h * 0.62, w * 0.6, h * 0.66, 5, "k", c)
    crowns(s, 420, 470, 392, 14, 20, 22)
    crowns(s, 748, 786, 400, 12, 18, 20)
    crowns(s, 620, 654, 440, 12, 16, 18)
    # a walnut tree near by, off the sheet; two people going up
    s.brush("k", [(90, 620), (110, 500), (84, 380), (112, 262)], 26, 0.02, 0.5)
    s.brush("k", [(100, 420), (170, 350), (206, 300)], 11, 0.02, 0.8)
    for _ in range(40):
        a, q = s.R.uniform(0, TAU), s.R.uniform(0.1, 1)
        x, y = 110 + math.cos(a) * 130 * q, 268 + math.sin(a) * 96 * q
        s.circle("d" if s.R.random() < 0.55 else "g", x, y, s.R.uniform(20, 34), 0.14, 9, s.R.uniform(14, 22))
        s.lens("k", x - 14, y + 6, x + 15, y + 3, 1.5)
    person(s, 440, 560, 1.0, "r")
    person(s, 474, 552, 0.92, "d")
    birds(s, [(430, 112, 13), (464, 130, 10), (404, 140, 9)])
    return s


SCENES = {
    "temple": s_temple, "iron": s_iron, "paper": s_paper, "plot": s_plot, "stage": s_stage, "food": s_food,
    "roofs": s_roofs, "canal": s_canal, "lake": s_lake, "river": s_river,
    "village": s_village,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or SCENES:
        text = SCENES[name]().svg()
        (OUT / f"{name}.svg").write_text(text, encoding="utf-8")
        print(name, len(text) // 1024, "KB")
