"""Values that redaction.py puts into its carriers: by slot, the kind that a value is of (None: nothing to mark) and what makes one."""

import random
import string
from collections.abc import Callable

Rng = random.Random
EMOJI = ["😊", "😭", "📞", "🙏", "❤️", "👉", "😡"]
PERSONAL = {
    "phone",
    "email",
    "order_id",
    "bank_card",
    "id_number",
    "address",
    "name",
    "url",
}

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
COMPOUND = ["欧阳", "司马", "上官", "诸葛", "慕容", "皇甫"]
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华建国志宇轩浩然子涵梓睿思雨欣怡佳晨博雅婷雪梅兰凤玉春红晓东海波峰林飞鹏"
FIRST = (
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica Thomas Sarah "
    "Karen Lisa Nancy Matthew Anthony Margaret Mark Sandra Donald Ashley Steven Kimberly Andrew Emily Paul Donna Joshua Michelle Priya "
    "Wei Mohammed Fatima Olivia Liam Noah Chloe Siobhan Hiroshi Ananya Diego Ngozi Aisha Sven"
).split()
LAST = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas Taylor "
    "Moore Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores "
    "Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts O'Brien Patel Chen Kowalski Okafor McDonald Lindqvist"
).split()
PLACES = [
    ("浙江省", "杭州市", "西湖区"), ("广东省", "深圳市", "南山区"), ("江苏省", "苏州市", "吴中区"), ("四川省", "成都市", "武侯区"),
    ("湖北省", "武汉市", "洪山区"), ("山东省", "青岛市", "市南区"), ("河南省", "郑州市", "金水区"), ("福建省", "泉州市", "晋江市"),
    ("陕西省", "西安市", "雁塔区"), ("湖南省", "长沙市", "岳麓区"), ("河北省", "保定市", "定兴县"), ("安徽省", "阜阳市", "太和县"),
    ("", "北京市", "朝阳区"), ("", "上海市", "浦东新区"), ("", "重庆市", "渝中区"), ("", "天津市", "和平区"),
    ("广西壮族自治区", "南宁市", "青秀区"), ("内蒙古自治区", "呼和浩特市", "赛罕区"), ("云南省", "昆明市", "盘龙区"),
]  # fmt: skip
ROADS = [
    "文三路",
    "人民路",
    "中山北路",
    "科技园南路",
    "建设大道",
    "解放街",
    "长江东路",
    "学院路",
    "深南大道",
    "和平街",
    "望京西路",
    "光谷大道",
]
ESTATES = [
    "阳光花园",
    "翠苑小区",
    "万科城",
    "碧桂园",
    "锦绣华庭",
    "保利香槟国际",
    "金地名苑",
    "幸福里",
    "恒大名都",
]
TOWNS = ["城关镇", "龙湾镇", "大榭街道", "桃花源乡", "塘下镇"]
STREETS = ["Maple", "Oak", "Baker", "Washington", "Elm", "High", "Church", "Victoria", "Sunset", "Martin Luther King", "Park", "Lake View", "Station", "Cedar Hill"]  # fmt: skip
STREET_TYPES = [
    "Street",
    "St",
    "Road",
    "Rd",
    "Ave",
    "Avenue",
    "Lane",
    "Ln",
    "Drive",
    "Dr",
    "Blvd",
    "Court",
    "Way",
    "Close",
]
US_CITIES = [
    ("Springfield", "IL"),
    ("Portland", "OR"),
    ("Austin", "TX"),
    ("San Jose", "CA"),
    ("Brooklyn", "NY"),
    ("St. Louis", "MO"),
]
UK_CITIES = ["London", "Leeds", "Manchester", "Bristol", "Milton Keynes", "Cardiff"]
MONTHS = "January February March April May June July August September October November December".split()


def digits(rng: Rng, count: int, first: str = string.digits) -> str:
    return rng.choice(first) + "".join(
        rng.choice(string.digits) for _ in range(count - 1)
    )


def letters(rng: Rng, count: int) -> str:
    return "".join(rng.choice(string.ascii_uppercase) for _ in range(count))


def luhn_digit(body: str) -> int:
    doubled = [
        int(d) * 2 if i % 2 == 0 else int(d) for i, d in enumerate(reversed(body))
    ]
    return -sum(d - 9 if d > 9 else d for d in doubled) % 10


def id_check(body: str) -> str:
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return "10X98765432"[
        sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11
    ]


def grouped(value: str, sizes: tuple[int, ...], gap: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(value[at : at + size])
        at += size
    return gap.join(part for part in [*parts, value[at:]] if part)


def mobile(rng: Rng) -> str:
    number = "1" + rng.choice("3456789") + digits(rng, 9)
    forms = [number] * 5 + [
        grouped(number, (3, 4), " "),
        grouped(number, (3, 4), "-"),
        "+86" + number,
        "+86 " + number,
        "86-" + number,
        "0086" + number,
    ]
    return rng.choice(forms)


def phone_en(rng: Rng) -> str:
    area, exchange, line = (
        digits(rng, 3, "23456789"),
        digits(rng, 3, "23456789"),
        digits(rng, 4),
    )
    return rng.choice([
        f"({area}) {exchange}-{line}", f"{area}-{exchange}-{line}", f"{area}.{exchange}.{line}", f"{area} {exchange} {line}", f"{area}{exchange}{line}",
        f"+1 {area} {exchange} {line}", f"+1{area}{exchange}{line}", f"1-{area}-{exchange}-{line}", f"+1 ({area}) {exchange}-{line}", f"({area}){exchange}-{line}",
    ])  # fmt: skip


def phone_uk(rng: Rng) -> str:
    return rng.choice([
        f"07{digits(rng, 3)} {digits(rng, 6)}", f"+44 7{digits(rng, 3)} {digits(rng, 6)}", f"020 {digits(rng, 4, '378')} {digits(rng, 4)}",
        f"01{digits(rng, 3)} {digits(rng, 6)}", f"07{digits(rng, 9)}", f"0161 {digits(rng, 3)} {digits(rng, 4)}",
    ])  # fmt: skip


def phone_intl(rng: Rng) -> str:
    return rng.choice([
        f"+852 {digits(rng, 4, '5689')} {digits(rng, 4)}", f"+33 6 {digits(rng, 2)} {digits(rng, 2)} {digits(rng, 2)} {digits(rng, 2)}",
        f"+49 151 {digits(rng, 8)}", f"+61 4{digits(rng, 2)} {digits(rng, 3)} {digits(rng, 3)}", f"+81-90-{digits(rng, 4)}-{digits(rng, 4)}",
        f"+65 {digits(rng, 8, '89')}", f"+44 7{digits(rng, 9)}",
    ])  # fmt: skip


def landline(rng: Rng) -> str:
    area, number = rng.choice(
        [("010", 8), ("021", 8), ("0755", 8), ("0571", 8), ("0312", 7), ("0595", 8)]
    )
    body = digits(rng, number, "2345678")
    return rng.choice(
        [
            f"{area}-{body}",
            f"{area} {body}",
            f"({area}){body}",
            f"{area}{body}",
            f"（{area}）{body}",
        ]
    )


def hotline_400(rng: Rng) -> str:
    body = digits(rng, 7)
    return rng.choice(
        [
            f"400-{body[:3]}-{body[3:]}",
            f"400-{body[:4]}-{body[4:]}",
            f"400{body}",
            f"400 {body[:3]} {body[3:]}",
        ]
    )


def email(rng: Rng) -> str:
    name = rng.choice(FIRST).lower()
    last = rng.choice(LAST).lower().replace("'", "")
    local = rng.choice(
        [
            f"{name}.{last}",
            f"{name}{digits(rng, 3)}",
            f"{name}_{last}",
            digits(rng, 9, "123456789"),
            f"{name[0]}{last}+shop",
            f"{last}-{name}",
        ]
    )
    host = rng.choice(
        [
            "gmail.com",
            "qq.com",
            "163.com",
            "outlook.com",
            "example.co.uk",
            "mail.example.org",
            "yahoo.com",
            "126.com",
            "sina.com.cn",
        ]
    )
    return f"{local}@{host}"


def url(rng: Rng) -> str:
    token = "".join(rng.choice(string.ascii_letters + string.digits) for _ in range(7))
    return rng.choice([
        f"https://item.example.com/{digits(rng, 8)}.html?id={digits(rng, 4)}", f"http://m.tb.cn/h.{token}", f"www.{token.lower()}.com/p/{digits(rng, 5)}",
        f"https://youtu.be/{token}", f"shop-{token.lower()}.com", f"{token.lower()}.example.co.uk/video", f"detail.{token.lower()}.cn/item/{digits(rng, 6)}",
    ])  # fmt: skip


def order_zh(rng: Rng) -> str:
    return rng.choice([digits(rng, 18, "123456789"), digits(rng, 19, "123456789"), digits(rng, 15, "23456789"), digits(rng, 12, "123456789"),
                       f"DD2024{digits(rng, 10)}", f"E{digits(rng, 14)}", f"2024{digits(rng, 12)}", f"TB{digits(rng, 10)}"])  # fmt: skip


def order_en(rng: Rng) -> str:
    return rng.choice([digits(rng, 7, "123456789"), digits(rng, 9, "123456789"), f"ORD-{digits(rng, 6)}", f"A-{digits(rng, 7)}", f"WEB{digits(rng, 8)}",
                       f"{digits(rng, 6)}-{digits(rng, 2)}", f"{letters(rng, 2)}{digits(rng, 6)}", f"{digits(rng, 3)}-{digits(rng, 7)}-{digits(rng, 7)}"])  # fmt: skip


def tracking(rng: Rng) -> str:
    return rng.choice([f"SF{digits(rng, 13)}", f"YT{digits(rng, 13)}", f"JD{digits(rng, 13)}", f"7{digits(rng, 13)}", f"{letters(rng, 2)}{digits(rng, 9)}{rng.choice(['CN', 'GB', 'US'])}",
                       f"4{digits(rng, 12)}"])  # fmt: skip


def ups(rng: Rng) -> str:
    return (
        "1Z"
        + "".join(rng.choice(string.ascii_uppercase + string.digits) for _ in range(6))
        + digits(rng, 10)
    )


def order_alpha(rng: Rng) -> str:
    return rng.choice(
        [
            f"ORD-2024{digits(rng, 4)}-{digits(rng, 4)}",
            f"SO{digits(rng, 10)}",
            f"WEB{digits(rng, 9)}",
            f"AB-{digits(rng, 9)}",
        ]
    )


def card(rng: Rng) -> str:
    prefix, length = rng.choice(
        [
            ("6222", 19),
            ("6217", 19),
            ("4", 16),
            ("5" + rng.choice("12345"), 16),
            ("37", 15),
            ("6225", 16),
        ]
    )
    body = prefix + digits(rng, length - 1 - len(prefix))
    number = body + str(luhn_digit(body))
    sizes = (4, 6, 5) if length == 15 else (4, 4, 4, 4)
    return rng.choice(
        [number, number, grouped(number, sizes, " "), grouped(number, sizes, "-")]
    )


def bad_card(rng: Rng) -> str:
    body = digits(rng, 15, "123456789")
    return body + str((luhn_digit(body) + rng.randrange(1, 10)) % 10)


def birthday(rng: Rng) -> str:
    return (
        f"{rng.randrange(1950, 2008)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
    )


def id_number(rng: Rng) -> str:
    body = (
        rng.choice(["110101", "330106", "440305", "510107", "420111", "370202"])
        + birthday(rng)
        + digits(rng, 3)
    )
    number = body + id_check(body)
    return rng.choice([number, number, number.lower()])


def bad_id(rng: Rng) -> str:
    body = "330106" + birthday(rng) + digits(rng, 3)
    return body + str((int(id_check(body).replace("X", "5")) + 3) % 10)


def id_old(rng: Rng) -> str:
    return (
        rng.choice(["110101", "330106", "440305"]) + birthday(rng)[2:] + digits(rng, 3)
    )


def ssn(rng: Rng) -> str:
    return f"{rng.randrange(100, 665)}-{rng.randrange(1, 99):02}-{rng.randrange(1000, 9999)}"


def nino(rng: Rng) -> str:
    value = f"{rng.choice(['AB', 'CE', 'JK', 'PW', 'SR'])}{digits(rng, 6)}{rng.choice('ABCD')}"
    return rng.choice([value, grouped(value, (2, 2, 2, 2), " ")])


def address_zh(rng: Rng) -> str:
    province, city, district = rng.choice(PLACES)
    road, estate = rng.choice(ROADS), rng.choice(ESTATES)
    number, block, unit, room = (
        rng.randrange(1, 999),
        rng.randrange(1, 40),
        rng.randrange(1, 5),
        rng.randrange(1, 33) * 100 + rng.randrange(1, 9),
    )
    return rng.choice([
        f"{province}{city}{district}{road}{number}号{estate}{block}栋{unit}单元{room}室", f"{province}{city}{district}{road}{number}号",
        f"{city}{district}{estate}{block}号楼{room}", f"{district}{road}{number}号{block}幢{room}室", f"{province}{city}{district}{rng.choice(TOWNS)}{road}{number}号",
        f"{province} {city} {district} {road}{number}号{room}室", f"{city[:-1]}{district}{road}{number}号", f"{estate}{block}栋{room}",
        f"{province[:2]}{city[:-1]}{district}{road}{number}弄{block}号{room}室", f"{city}{district}{road}与{rng.choice(ROADS)}交叉口{estate}{block}-{unit}-{room}",
    ]).strip()  # fmt: skip


def address_en(rng: Rng) -> str:
    street = (
        f"{rng.randrange(1, 2999)} {rng.choice(STREETS)} {rng.choice(STREET_TYPES)}"
    )
    city, state = rng.choice(US_CITIES)
    zip_code = digits(rng, 5, "123456789")
    postcode = f"{rng.choice(['SW', 'LS', 'M', 'BS', 'MK'])}{rng.randrange(1, 20)} {rng.randrange(1, 9)}{rng.choice(['AB', 'XY', 'QT'])}"
    unit = rng.choice(
        [
            "Apt 4B",
            f"Apt {rng.randrange(1, 90)}",
            f"Suite {rng.randrange(100, 900)}",
            f"Unit {rng.randrange(1, 50)}",
            f"#{rng.randrange(1, 50)}",
        ]
    )
    return rng.choice([
        f"{street}, {city}, {state} {zip_code}", f"{street}, {unit}, {city}, {state} {zip_code}", f"{street} {unit}, {city} {state} {zip_code}", street,
        f"{street}, {rng.choice(UK_CITIES)} {postcode}", f"Flat {rng.randrange(1, 30)}, {street}, {rng.choice(UK_CITIES)}, {postcode}", f"{street}, {city}",
        f"PO Box {digits(rng, 4, '123456789')}, {city}, {state} {zip_code}", f"{street}, {unit}, {city}, {state}, USA",
    ])  # fmt: skip


def name_zh(rng: Rng) -> str:
    surname = rng.choice(COMPOUND) if rng.random() < 0.06 else rng.choice(SURNAMES)
    return surname + "".join(rng.choice(GIVEN) for _ in range(rng.choice([1, 2, 2])))


def name_en(rng: Rng) -> str:
    middle = f" {rng.choice(string.ascii_uppercase)}." if rng.random() < 0.1 else ""
    return f"{rng.choice(FIRST)}{middle} {rng.choice(LAST)}"


def amount(rng: Rng) -> str:
    n = rng.randrange(5, 3000)
    return rng.choice(
        [f"${n}", f"${n}.99", f"£{n}", f"€{n}", f"{n} dollars", f"USD {n}"]
    )


def amount_zh(rng: Rng) -> str:
    n = rng.randrange(5, 3000)
    return rng.choice(
        [
            f"{n}元",
            f"{n}块",
            f"{n}块钱",
            f"¥{n}",
            f"￥{n}.00",
            "三百块",
            "一千二百元",
            f"{n}.5元",
        ]
    )


def date_zh(rng: Rng) -> str:
    month, day = rng.randrange(1, 13), rng.randrange(1, 29)
    return rng.choice(
        [
            f"{month}月{day}日",
            f"{month}月{day}号",
            f"2024年{month}月{day}日",
            f"2024-{month:02}-{day:02}",
            f"2024/{month}/{day}",
            "昨天",
            "上周三",
            "前天",
        ]
    )


def date_en(rng: Rng) -> str:
    month, day = rng.randrange(1, 13), rng.randrange(1, 29)
    name = MONTHS[month - 1]
    return rng.choice(
        [
            f"{name} {day}",
            f"{name} {day}, 2024",
            f"{day} {name} 2024",
            f"{month:02}/{day:02}/2024",
            f"2024-{month:02}-{day:02}",
            f"{name[:3]} {day}th",
        ]
    )


def model(rng: Rng) -> str:
    return rng.choice([f"{letters(rng, 2)}-{digits(rng, 3, '123456789')}", f"{letters(rng, 2)}{digits(rng, 4, '123456789')}", f"WH-{digits(rng, 4, '123456789')}XM5", f"{letters(rng, 3)}-{digits(rng, 4, '123456789')}{letters(rng, 1)}"])  # fmt: skip


def pick(*values: str) -> Callable[[Rng], str]:
    return lambda rng: rng.choice(values)


def between(low: int, high: int, shape: str = "{}") -> Callable[[Rng], str]:
    return lambda rng: shape.format(rng.randrange(low, high))


def to_full_width(value: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)


VALUES: dict[str, tuple[str | None, Callable[[Rng], str]]] = {
    "phone": ("phone", mobile),
    "phone_en": ("phone", phone_en),
    "landline": ("phone", landline),
    "hotline400": ("phone", hotline_400),
    "intl": ("phone", phone_intl),
    "uk": ("phone", phone_uk),
    "email": ("email", email),
    "url": ("url", url),
    "order": ("order_id", order_zh),
    "order_en": ("order_id", order_en),
    "order_hash": (
        "order_id",
        lambda rng: digits(rng, rng.randrange(5, 9), "123456789"),
    ),
    "order_alpha": ("order_id", order_alpha),
    "amazon": (
        "order_id",
        lambda rng: f"{digits(rng, 3, '1')}-{digits(rng, 7)}-{digits(rng, 7)}",
    ),
    "tracking": ("order_id", tracking),
    "ups": ("order_id", ups),
    "card": ("bank_card", card),
    "idno": ("id_number", id_number),
    "idold": ("id_number", id_old),
    "passport": (
        "id_number",
        lambda rng: rng.choice(["E", "G", "EA", "X"]) + digits(rng, 8),
    ),
    "ssn": ("id_number", ssn),
    "nino": ("id_number", nino),
    "address_cn": ("address", address_zh),
    "address_en": ("address", address_en),
    "name_cn": ("name", name_zh),
    "name_en": ("name", name_en),
    "titled_cn": (
        "name",
        lambda rng: rng.choice(SURNAMES) + rng.choice(["先生", "女士", "小姐", "师傅"]),
    ),
    "titled_en": (
        "name",
        lambda rng: f"{rng.choice(['Mr', 'Mrs', 'Ms', 'Dr', 'Mr.', 'Mrs.'])} {rng.choice(LAST)}",
    ),
    "amount": ("amount", amount),
    "amount_zh": ("amount", amount_zh),
    "date": ("date", date_zh),
    "date_en": ("date", date_en),
    "date2": (None, pick("3月5日", "今天", "the 5th", "two weeks later")),
    "book": (None, pick("三体", "活着", "平凡的世界", "小王子")),
    "product": ("product", model),
    "model": (None, model),
    "price": (None, amount_zh),
    "price_en": (None, amount),
    "size": (None, pick("M", "XL", "2XL", "38", "42", "XXL", "12")),
    "shoe": (None, between(35, 46)),
    "height": (None, between(150, 190, "{}cm")),
    "hours": (None, pick("3小时", "12h", "6 hours", "48小时", "2.5 hours")),
    "volume": (None, pick("400 ml", "1.5L", "500ML", "350毫升", "2 L")),
    "measure": (
        None,
        pick("30x20x10cm", "120*60", "15 x 10 inches", "1.8米×2米", "60×40×25"),
    ),
    "sku": (
        None,
        lambda rng: rng.choice(
            [
                digits(rng, 8, "123456789"),
                digits(rng, 10, "56789"),
                f"{letters(rng, 2)}{digits(rng, 6)}",
            ]
        ),
    ),
    "barcode": (None, lambda rng: "69" + digits(rng, 10) + "0"),
    "batch": (None, lambda rng: f"{letters(rng, 1)}{digits(rng, 5)}"),
    "days": (None, between(3, 30)),
    "months": (None, between(1, 24)),
    "count": (None, between(2, 200)),
    "count2": (None, between(1, 9)),
    "score": (None, pick("9.5", "4.8", "3", "7/10", "98", "4")),
    "temp": (None, pick("16度", "75°C", "200 °F", "26℃")),
    "watt": (None, pick("1200W", "65 W", "2000瓦", "750-watt")),
    "badcard": (None, bad_card),
    "badid": (None, bad_id),
    "standard": (
        None,
        pick("GB 4706.1-2005", "GB/T 22796-2009", "ISO 9001", "IEC 62133"),
    ),
    "hotline": (None, pick("12315", "95338", "10086", "12345", "110")),
    "resolution": (None, pick("1920x1080", "2560×1440", "4K", "3840 x 2160")),
    "minutes": (None, between(5, 90)),
    "storage": (None, pick("8GB", "256 GB", "8G+256G", "1TB")),
    "volt": (None, pick("220V", "110-240 V", "5V/2A", "220伏")),
    "version": (None, pick("2.0.13", "v10.4.1", "14.6", "3.2.1-beta")),
    "percent": (None, between(5, 99, "{}%")),
    "clock": (None, pick("12:45", "18：30", "9:05 pm", "晚上8点")),
    "ratio": (None, pick("1:3000", "16:9", "4:3", "1/2")),
    "hex": (None, pick("ff8800", "A1B2C3", "000000")),
    "rank": (None, between(2, 15)),
}
# Slots that the carriers of one language fill with values of their own.
OWN = {
    "zh": {"amount": "amount_zh"},
    "en": {
        "phone": "phone_en",
        "order": "order_en",
        "amount": "amount",
        "date": "date_en",
        "price": "price_en",
    },
}
