"""The label ids of the base model, and what each raw label of the public sets says about them.

An id is true, false, or unknown to a row; only known ids are written. A raw label makes at most one id true and may
leave others open; a raw label that is in no table is an error, so that no label of a set is passed over by accident.
"""

from collections.abc import Iterable
from dataclasses import dataclass

ASPECTS = (
    "product_quality",
    "performance",
    "as_described",
    "packaging",
    "logistics",
    "price",
    "customer_service",
    "refund_return",
    "warranty_repair",
    "usability",
    "payment_account",
    "other",
)
EMOTIONS = (
    "satisfaction",
    "gratitude",
    "joy",
    "anger",
    "disappointment",
    "anxiety",
    "sadness",
    "surprise",
    "none",
)
INTENTS = (
    "complaint",
    "question",
    "request_refund",
    "request_return",
    "request_exchange",
    "request_repair",
    "track_order",
    "cancel_order",
    "change_order",
    "invoice",
    "payment_issue",
    "account_issue",
    "product_question",
    "praise",
    "feedback",
    "speak_to_human",
    "other",
)
URGENCIES = ("P1", "P2", "P3", "P4")


@dataclass(frozen=True)
class Mark:
    """What one raw label says: the id it makes true, if any, and the ids whose truth it leaves open."""

    true: str | None = None
    open: tuple[str, ...] = ()


def spread(marks: dict[str, Mark]) -> dict[str, Mark]:
    """One entry for each of the space-separated labels of a key."""
    return {label: mark for labels, mark in marks.items() for label in labels.split()}


GOEMOTIONS = spread(
    {
        "admiration approval pride relief": Mark("satisfaction"),
        "gratitude": Mark("gratitude"),
        "joy amusement excitement love optimism": Mark("joy"),
        "anger annoyance disgust": Mark("anger"),
        "disappointment disapproval": Mark("disappointment"),
        "fear nervousness": Mark("anxiety"),
        "sadness grief remorse embarrassment": Mark("sadness"),
        "surprise": Mark("surprise"),
        "realization": Mark(None, ("surprise", "none")),  # an insight, now and then a surprising one
        "neutral": Mark("none"),
        "curiosity confusion caring desire": Mark(None, ("none",)),  # no id of ours: something, or nothing, is felt
    }
)

# The sets with one label a text (SMP2020, NLPCC2013, CLUE, dair): the label is the strongest emotion, so its
# neighbours among our finer ids stay open.
SINGLE_EMOTIONS = spread(
    {
        "angry anger": Mark("anger", ("disappointment",)),
        "happy happiness joy love": Mark("joy", ("satisfaction", "gratitude")),
        "sad sadness": Mark("sadness", ("disappointment",)),
        "surprise": Mark("surprise"),
        "fear": Mark("anxiety"),
        "neutral none": Mark("none"),
        "like": Mark("satisfaction", ("joy", "gratitude")),
        "disgust": Mark(None, ("anger", "disappointment")),  # one of the two, the set does not say which
    }
)

OVERALL = Mark(None, ("product_quality", "other"))  # a verdict on the whole: quality may be meant, or none of ours
COSMETICS = {
    "物流": Mark("logistics"),
    "包装": Mark("packaging"),
    "价格": Mark("price"),
    "服务": Mark("customer_service"),
    "真伪": Mark("as_described"),
    "尺寸": Mark("as_described"),  # larger or smaller than the buyer was led to expect
    "功效": Mark("performance"),
    "使用体验": Mark("usability"),
    "气味": Mark("product_quality"),
    "成分": Mark("product_quality"),
    "新鲜度": Mark("product_quality"),
    "整体": OVERALL,
    "其他": OVERALL,
}
COSMETICS_KNOWN = tuple(id for id in ASPECTS if id not in ("refund_return", "warranty_repair", "payment_account"))

CAR = spread(
    {
        "价格": Mark("price"),
        "动力 操控 油耗": Mark("performance"),
        "舒适性 配置 内饰 外观 空间 安全性": Mark("product_quality"),
    }
)
CAR_KNOWN = ("price", "performance", "product_quality")

DINING = Mark(None, ("product_quality",))  # of a restaurant, not of what it sells
ASAP = spread(
    {
        "service_waiters_attitude service_serving_speed service_wait_time service_parking_convenience": Mark(
            "customer_service"
        ),
        "price_level price_cost_effective price_discount": Mark("price"),
        "dish_taste dish_look dish_portion": Mark("product_quality"),
        "dish_recommendation": DINING,  # "worth ordering" praises the dish without saying why
        "environment_decoration environment_space environment_cleaness environment_noise": Mark(),
        "location_easy_to_find location_traffic location_distance_from_business_district": Mark(),
    }
)
ASAP_KNOWN = ("customer_service", "price", "product_quality")

# ACOS categories are ENTITY#ATTRIBUTE. A price is a price whatever it is of; then the entity decides, then the
# attribute.
ACOS_ENTITIES = spread(
    {
        "SUPPORT SERVICE": Mark("customer_service"),
        "SHIPPING": Mark("logistics"),
        "WARRANTY": Mark("warranty_repair"),
        "FOOD DRINKS": Mark("product_quality"),
    }
)
ACOS_PRICES = spread({"PRICE PRICES": Mark("price")})
ACOS_ATTRIBUTES = spread(
    {
        "QUALITY": Mark("product_quality"),
        "OPERATION_PERFORMANCE": Mark("performance"),
        "USABILITY PORTABILITY CONNECTIVITY": Mark("usability"),
        "GENERAL MISCELLANEOUS DESIGN_FEATURES": Mark(None, ("product_quality",)),
    }
)
ACOS_KNOWN = {
    "laptop": (
        "product_quality",
        "performance",
        "usability",
        "price",
        "customer_service",
        "logistics",
        "warranty_repair",
    ),
    "restaurant": ("product_quality", "price", "customer_service"),
}

# None: the topic says nothing about any aspect.
TOPICS = {
    "Delivery": Mark("logistics"),
    "Refund & Returns": Mark("refund_return"),
    "Billing & Transaction Problems": Mark("payment_account"),
    "Promotions": Mark("price"),
    "Technical Issues": Mark("usability"),
    "Account & Profile Management": Mark("payment_account"),
    "Security and Privacy": Mark("payment_account"),
    "Product Integrity & Accuracy": Mark(None, ("performance",)),  # broken, missing or unlike its picture
    "Inventory": None,
    "Subscriptions": None,
}
# A complaint of any topic may also blame the product, its description or the service.
TOPICS_KNOWN = tuple(id for id in ASPECTS if id not in ("product_quality", "as_described", "customer_service"))

BITEXT_INTENTS = {
    "cancel_order": "cancel_order",
    "change_order": "change_order",
    "change_shipping_address": "change_order",
    "check_cancellation_fee": "question",
    "check_invoice": "invoice",
    "check_payment_methods": "question",
    "check_refund_policy": "question",
    "complaint": "complaint",
    "contact_customer_service": "speak_to_human",
    "contact_human_agent": "speak_to_human",
    "create_account": "account_issue",
    "delete_account": "account_issue",
    "delivery_options": "question",
    "delivery_period": "track_order",  # "when will my parcel arrive", not "how long does delivery take"
    "edit_account": "account_issue",
    "get_invoice": "invoice",
    "get_refund": "request_refund",
    "newsletter_subscription": "account_issue",  # as the written messages have it
    "payment_issue": "payment_issue",
    "place_order": "question",  # how to buy, not what
    "recover_password": "account_issue",
    "registration_problems": "account_issue",
    "review": "feedback",
    "set_up_shipping_address": "account_issue",  # the address book, no order
    "switch_account": "account_issue",
    "track_order": "track_order",
    "track_refund": "request_refund",  # the written messages call chasing a refund so
}


def acos_mark(category: str) -> Mark:
    entity, attribute = category.split("#")
    return ACOS_PRICES.get(attribute) or ACOS_ENTITIES.get(entity) or ACOS_ATTRIBUTES[attribute]


def emotion_truth(marks: Iterable[Mark]) -> dict[str, int]:
    """The known ids. `none` is true where every label says so, and false beside any felt emotion of ours."""
    marks = list(marks)
    felt = {mark.true for mark in marks} - {None, "none"}
    unknown = {id for mark in marks for id in mark.open} - felt - ({"none"} if felt else set())
    true = felt | {"none"} if all(mark.true == "none" for mark in marks) else felt
    return {id: int(id in true) for id in EMOTIONS if id not in unknown}


def aspect_truth(known: Iterable[str], marks: Iterable[Mark]) -> dict[str, int]:
    """The known ids: of those that the set annotates, all that no label of the row leaves open."""
    marks = list(marks)
    true = {mark.true for mark in marks}
    unknown = {id for mark in marks for id in mark.open} - true
    return {id: int(id in true) for id in ASPECTS if id in known and id not in unknown}


def aspect_polarity(opinions: Iterable[tuple[Mark, int]]) -> dict[str, list[int]]:
    """The polarities (0, 1, 2) that stand beside each true id."""
    found: dict[str, set[int]] = {}
    for mark, polarity in opinions:
        if mark.true:
            found.setdefault(mark.true, set()).add(polarity)
    return {id: sorted(found[id]) for id in ASPECTS if id in found}
