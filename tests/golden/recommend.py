"""Writes recommend.tsv: products, and what independent TF-IDF and BM25 in numpy recommend for them.

    python tests/golden/recommend.py            # rewrites tests/golden/recommend.tsv
    python tests/golden/recommend.py --check    # fails if the file on disk differs

Terms are cut by regular expressions here; only the word lists are read from src/tasks/terms.cpp, so that they exist once.
The texts avoid what text cleaning changes beyond letter case. Lines, tab-separated:

    product  id  title  description  category  brand  tags (joined by "|")
    like     product ids (joined by ",")  id:score id:score ...   (the best five)
    query    text                         id:score id:score ...
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
TERMS_SOURCE = (HERE / "../../src/tasks/terms.cpp").read_text(encoding="utf-8")
GOLDEN = HERE / "recommend.tsv"
BEST = 5
TITLE, LABEL, DESCRIPTION = 3, 2, 1
K1, B = 1.2, 0.75  # of BM25


def word_list(name: str) -> frozenset[str]:
    body = re.search(
        rf"{name} = std::to_array<[^>]+>\(\{{(.*?)\}}\)", TERMS_SOURCE, re.DOTALL
    )
    assert body is not None, name
    return frozenset(re.findall(r"[\"'](.*?)[\"']", body.group(1)))


STOP_WORDS = word_list("kStopWords")
HAN_STOP_WORDS = word_list("kHanStopWords")
HAN_BREAKS = "".join(sorted(word_list("kHanBreaks")))
UNITS = word_list("kUnits")
NUMBER = r"[0-9]+(?:\.[0-9]+)*"
TOKEN = re.compile(
    rf"(?P<measure>(?<![a-z0-9])(?:{NUMBER}) (?:{'|'.join(sorted(UNITS, key=len, reverse=True))})(?![a-z0-9']))"
    rf"|(?P<han>(?:(?![{HAN_BREAKS}])[\u4e00-\u9fff])+)"
    r"|(?P<word>(?:[a-z0-9]|(?<=[a-z])'(?=[a-z])|(?<=[0-9])\.(?=[0-9]))+)"
)
PLURALS = (
    (re.compile(r"(ss|x|ch|sh)es$"), r"\1"),
    (re.compile(r"(?<![ea])ies$"), "y"),
    (re.compile(r"(?<![aeo])es$"), "e"),
    (re.compile(r"(?<![us])s$"), ""),
)


def stem(word: str) -> str:
    if len(word) > 3 and word.isalpha():
        for ending, replacement in PLURALS:
            if ending.search(word):
                return ending.sub(replacement, word)
    return word


def split_terms(text: str) -> list[str]:
    terms: list[str] = []
    for match in TOKEN.finditer(text.lower()):
        if match["measure"]:
            terms.append(match["measure"].replace(" ", ""))
        elif match["word"]:
            word = match["word"].removesuffix("'s")
            if word not in STOP_WORDS:
                terms.append(stem(word))
        else:
            run = match["han"]
            grams = [run[i : i + n] for n in (1, 2) for i in range(len(run) - n + 1)]
            terms.extend(gram for gram in grams if gram not in HAN_STOP_WORDS)
    return terms


@dataclass(frozen=True)
class Product:
    id: str
    title: str
    description: str
    category: str
    brand: str
    tags: tuple[str, ...]

    def counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        labels = (self.category, self.brand, *self.tags)
        fields = [
            (self.title, TITLE),
            (self.description, DESCRIPTION),
            *((label, LABEL) for label in labels),
        ]
        for text, weight in fields:
            for term in split_terms(text):
                counts[term] += weight
        return counts


class Index:
    """Dense TF-IDF rows of unit length, and the counts for BM25."""

    def __init__(self, products: list[Product]) -> None:
        self.products = products
        counts = [product.counts() for product in products]
        self.columns = {term: i for i, term in enumerate(sorted(set().union(*counts)))}
        tf = np.array([self.row(c) for c in counts])
        self.idf = np.log((1 + len(products)) / (1 + (tf > 0).sum(axis=0))) + 1
        self.rows = np.array([self.weigh(row) for row in tf])
        df = (tf > 0).sum(axis=0)
        self.bm25_idf = np.log(1 + (len(products) - df + 0.5) / (df + 0.5))
        lengths = tf.sum(axis=1, keepdims=True)
        self.saturated = tf / (tf + K1 * (1 - B + B * lengths / lengths.mean()))

    def row(self, counts: Counter[str]) -> np.ndarray:
        row = np.zeros(len(self.columns))
        for term, count in counts.items():
            if term in self.columns:
                row[self.columns[term]] = count
        return row

    def weigh(self, counts: np.ndarray) -> np.ndarray:
        weights = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * self.idf
        norm = np.linalg.norm(weights)
        unit: np.ndarray = weights / norm if norm > 0 else weights
        return unit

    def best(self, scores: np.ndarray, excluded: set[str]) -> str:
        order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
        ids = [self.products[i].id for i in order]
        hits = [
            f"{id_}:{scores[i]:.6f}"
            for id_, i in zip(ids, order, strict=True)
            if scores[i] > 0 and id_ not in excluded
        ]
        return " ".join(hits[:BEST])

    def like(self, ids: list[str]) -> str:
        """The mean of the cosines with each."""
        mean = np.mean(
            [
                self.rows[i]
                for i, product in enumerate(self.products)
                if product.id in ids
            ],
            axis=0,
        )
        return self.best(self.rows @ mean, set(ids))

    def query(self, text: str) -> str:
        """BM25 (Robertson and Zaragoza 2009) as a share of what no product reaches, (k1 + 1) Σ idf."""
        weights = self.row(Counter(split_terms(text))) * self.bm25_idf
        total = weights.sum()
        return self.best(
            self.saturated @ (weights / total if total > 0 else weights), set()
        )


def product(
    id_: str, title: str, description: str, category: str, brand: str, tags: str
) -> Product:
    return Product(
        id_, title, description, category, brand, tuple(tags.split("|")) if tags else ()
    )


PRODUCTS = [
    product(
        "kettle-gooseneck",
        "Gooseneck pour-over kettle, 800 ml",
        "A slim spout for coffee brewed by hand.",
        "kitchen",
        "Ember",
        "kettle|coffee|steel",
    ),
    product(
        "kettle-whistle",
        "Enamel whistling kettle, 2 l",
        "It sings when the water boils; works on gas and induction.",
        "kitchen",
        "Ember",
        "kettle|enamel|tea",
    ),
    product(
        "teapot-glass",
        "Glass teapot with strainer, 800ml",
        "For loose tea; the strainer lifts out.",
        "kitchen",
        "Leafway",
        "tea|glass",
    ),
    product(
        "mugs-stone",
        "Stoneware mugs, set of 4",
        "Heavy mugs for coffee or tea, dishwasher safe.",
        "kitchen",
        "Leafway",
        "mug|coffee|tea",
    ),
    product(
        "glasses-wine",
        "Wine glasses, set of 6",
        "Thin glass on long stems.",
        "kitchen",
        "Clarity",
        "glass|wine",
    ),
    product(
        "glass-single",
        "Water glass",
        "One glass, thick at the foot.",
        "kitchen",
        "Clarity",
        "glass",
    ),
    product(
        "knife-chef",
        "Chef's knife, 20 cm",
        "Carbon steel, for vegetables and meats.",
        "kitchen",
        "Kerf",
        "knife|steel",
    ),
    product(
        "knives-set",
        "Paring knives, set of 2",
        "Small knives for fruit.",
        "kitchen",
        "Kerf",
        "knife|steel",
    ),
    product(
        "box-lunch",
        "Bento lunch box",
        "Two boxes that stack, leakproof.",
        "kitchen",
        "Foldwell",
        "lunch|box",
    ),
    product(
        "boxes-storage",
        "Storage boxes, 3.5 l",
        "Clear boxes with lids for flour and rice.",
        "storage",
        "Foldwell",
        "box|storage",
    ),
    product(
        "lamp-desk",
        "LED desk lamp, 12 w",
        "Dimmable light without flicker for study.",
        "lighting",
        "Lumen",
        "lamp|led|desk",
    ),
    product(
        "lamp-floor",
        "Paper floor lamp",
        "Soft light for a corner of the living room.",
        "lighting",
        "Lumen",
        "lamp|paper",
    ),
    product(
        "bulbs-led",
        "LED bulbs, 9 w, set of 4",
        "Warm light; they last for years.",
        "lighting",
        "Lumen",
        "bulb|led",
    ),
    product(
        "powerbank",
        "Power bank 5200mah with usb-c",
        "Charges a phone twice.",
        "electronics",
        "Voltry",
        "battery|phone|usb",
    ),
    product(
        "batteries-aa",
        "AA batteries, set of 8",
        "Rechargeable battery cells.",
        "electronics",
        "Voltry",
        "battery",
    ),
    product(
        "charger-usb",
        "USB-C charger, 65 w",
        "For phones and laptops.",
        "electronics",
        "Voltry",
        "usb|phone|charger",
    ),
    product(
        "watch-field",
        "Field watch, 38 mm",
        "A watch with a sapphire glass and a canvas strap.",
        "accessories",
        "Nordend",
        "watch",
    ),
    product(
        "watches-pair",
        "Matching watches for two",
        "Two watches in one box.",
        "accessories",
        "Nordend",
        "watch|gift",
    ),
    product(
        "dress-linen",
        "Linen summer dress",
        "Light and loose, with pockets.",
        "clothes",
        "Halden",
        "dress|linen",
    ),
    product(
        "dresses-kids",
        "Kids' dresses",
        "Cotton dresses that don't crease.",
        "clothes",
        "Halden",
        "dress|cotton|kids",
    ),
    product(
        "保温杯",
        "不锈钢保温杯 500ml",
        "真空双层，保温十二小时，适合通勤。",
        "杯壶",
        "麦烬",
        "保温|不锈钢",
    ),
    product(
        "保温壶",
        "大容量保温壶 2 l",
        "不锈钢内胆，倒水不滴。",
        "杯壶",
        "麦烬",
        "保温|水壶",
    ),
    product(
        "马克杯",
        "陶瓷马克杯",
        "厚实的杯身，咖啡和茶都合适。",
        "杯壶",
        "青禾",
        "杯子|陶瓷|咖啡",
    ),
    product(
        "玻璃杯",
        "耐热玻璃杯",
        "透明玻璃，泡茶看得见茶叶。",
        "杯壶",
        "青禾",
        "杯子|玻璃|茶",
    ),
    product("茶壶", "紫砂茶壶", "手工制作，适合泡乌龙茶。", "茶具", "山房", "茶|紫砂"),
    product(
        "茶具套装", "旅行茶具套装", "一壶两杯，装在布袋里。", "茶具", "山房", "茶|旅行"
    ),
    product(
        "手冲壶",
        "细口手冲壶 800 ml",
        "壶嘴细长，适合手冲咖啡。",
        "咖啡",
        "麦烬",
        "咖啡|水壶|不锈钢",
    ),
    product(
        "磨豆机", "手摇咖啡磨豆机", "钢芯研磨，粗细可调。", "咖啡", "麦烬", "咖啡|磨豆"
    ),
    product(
        "台灯", "护眼台灯", "无频闪的光，适合孩子学习。", "照明", "明堂", "台灯|护眼"
    ),
    product(
        "落地灯",
        "纸罩落地灯",
        "柔和的光，放在客厅的角落。",
        "照明",
        "明堂",
        "落地灯|客厅",
    ),
    product(
        "小夜灯", "感应小夜灯", "人来灯亮，电池供电。", "照明", "明堂", "夜灯|电池"
    ),
    product(
        "充电宝",
        "轻薄充电宝 5200mah",
        "可以给手机充电两次。",
        "数码",
        "电丰",
        "手机|充电",
    ),
    product(
        "充电器",
        "USB-C 充电器 65 w",
        "手机和电脑都能用。",
        "数码",
        "电丰",
        "手机|充电|usb",
    ),
    product("手机壳", "磨砂手机壳", "防摔，手感细腻。", "数码", "电丰", "手机"),
    product(
        "连衣裙", "亚麻连衣裙", "夏天穿很凉快，有口袋。", "服装", "素年", "裙子|亚麻"
    ),
    product(
        "半身裙", "棉布半身裙", "不易皱的棉布，长度过膝。", "服装", "素年", "裙子|棉"
    ),
    product("衬衫", "亚麻衬衫", "宽松的版型，夏天透气。", "服装", "素年", "衬衫|亚麻"),
    product(
        "收纳盒", "透明收纳盒 3.5 l", "厨房里装米和面粉。", "收纳", "方寸", "收纳|厨房"
    ),
    product("饭盒", "双层饭盒", "带饭上班，不漏汤。", "厨房", "方寸", "饭盒|厨房"),
    product("菜刀", "碳钢菜刀 20 cm", "切菜切肉都顺手。", "厨房", "锋口", "刀|厨房"),
]
LIKE_SEVERAL = [
    ["kettle-gooseneck", "mugs-stone"],
    ["保温杯", "手冲壶"],
    ["charger-usb", "充电器"],
    ["dress-linen", "lamp-desk", "茶壶"],
]
QUERIES = [
    "coffee", "a kettle for tea", "glasses", "wine glass", "boxes", "box", "led light", "65w", "800 ml", "something for my phone", "watch as a gift",
    "don't crease", "dresses for kids", "knives", "茶", "杯", "保温的杯子", "手冲咖啡", "想要一个学习用的灯", "手机充电", "夏天的裙子", "usb 充电器",
    "泡茶 glass", "厨房收纳", "tea tea tea coffee", "zzz", "的",
]  # fmt: skip


def golden() -> str:
    index = Index(PRODUCTS)
    lines = [
        "\t".join(
            (
                "product",
                p.id,
                p.title,
                p.description,
                p.category,
                p.brand,
                "|".join(p.tags),
            )
        )
        for p in PRODUCTS
    ]
    lines += [
        f"like\t{','.join(ids)}\t{index.like(ids)}"
        for ids in [[p.id] for p in PRODUCTS] + LIKE_SEVERAL
    ]
    lines += [f"query\t{text}\t{index.query(text)}" for text in QUERIES]
    return "\n".join(lines) + "\n"


def main() -> None:
    if "--check" in sys.argv[1:]:
        if GOLDEN.read_text(encoding="utf-8") != golden():
            sys.exit(
                "tests/golden/recommend.tsv is out of date: run python tests/golden/recommend.py"
            )
    else:
        GOLDEN.write_text(golden(), encoding="utf-8")


if __name__ == "__main__":
    main()
