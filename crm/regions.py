"""Where an inquiry comes from: the provinces of China (ISO 3166-2) and other countries (ISO 3166-1).

The list of countries holds those that inquiries are likely to come from; the last entry takes the
rest, so that nobody is stopped by a list.
"""

from django.utils.translation import gettext_lazy as _

MAINLAND = [
    ("CN-SX", _("Shanxi")),
    ("CN-BJ", _("Beijing")),
    ("CN-TJ", _("Tianjin")),
    ("CN-HE", _("Hebei")),
    ("CN-NM", _("Inner Mongolia")),
    ("CN-LN", _("Liaoning")),
    ("CN-JL", _("Jilin")),
    ("CN-HL", _("Heilongjiang")),
    ("CN-SH", _("Shanghai")),
    ("CN-JS", _("Jiangsu")),
    ("CN-ZJ", _("Zhejiang")),
    ("CN-AH", _("Anhui")),
    ("CN-FJ", _("Fujian")),
    ("CN-JX", _("Jiangxi")),
    ("CN-SD", _("Shandong")),
    ("CN-HA", _("Henan")),
    ("CN-HB", _("Hubei")),
    ("CN-HN", _("Hunan")),
    ("CN-GD", _("Guangdong")),
    ("CN-GX", _("Guangxi")),
    ("CN-HI", _("Hainan")),
    ("CN-CQ", _("Chongqing")),
    ("CN-SC", _("Sichuan")),
    ("CN-GZ", _("Guizhou")),
    ("CN-YN", _("Yunnan")),
    ("CN-XZ", _("Xizang")),
    ("CN-SN", _("Shaanxi")),
    ("CN-GS", _("Gansu")),
    ("CN-QH", _("Qinghai")),
    ("CN-NX", _("Ningxia")),
    ("CN-XJ", _("Xinjiang")),
]
HONG_KONG_MACAO_TAIWAN = [
    ("CN-HK", _("Hong Kong, China")),
    ("CN-MO", _("Macao, China")),
    ("CN-TW", _("Taiwan, China")),
]
COUNTRIES = [
    ("AU", _("Australia")),
    ("AT", _("Austria")),
    ("BE", _("Belgium")),
    ("BR", _("Brazil")),
    ("CA", _("Canada")),
    ("CZ", _("Czechia")),
    ("DK", _("Denmark")),
    ("FI", _("Finland")),
    ("FR", _("France")),
    ("DE", _("Germany")),
    ("IN", _("India")),
    ("ID", _("Indonesia")),
    ("IE", _("Ireland")),
    ("IL", _("Israel")),
    ("IT", _("Italy")),
    ("JP", _("Japan")),
    ("KZ", _("Kazakhstan")),
    ("KR", _("South Korea")),
    ("LU", _("Luxembourg")),
    ("MY", _("Malaysia")),
    ("NL", _("Netherlands")),
    ("NZ", _("New Zealand")),
    ("NO", _("Norway")),
    ("PL", _("Poland")),
    ("RU", _("Russia")),
    ("SA", _("Saudi Arabia")),
    ("SG", _("Singapore")),
    ("ZA", _("South Africa")),
    ("ES", _("Spain")),
    ("SE", _("Sweden")),
    ("CH", _("Switzerland")),
    ("TH", _("Thailand")),
    ("TR", _("Türkiye")),
    ("AE", _("United Arab Emirates")),
    ("GB", _("United Kingdom")),
    ("US", _("United States")),
    ("VN", _("Vietnam")),
    ("ZZ", _("Another country or region")),
]

REGIONS = [*MAINLAND, *HONG_KONG_MACAO_TAIWAN, *COUNTRIES]
GROUPED_REGIONS = [
    (_("Mainland of China"), MAINLAND),
    (_("Hong Kong, Macao and Taiwan of China"), HONG_KONG_MACAO_TAIWAN),
    (_("Other countries"), COUNTRIES),
]
