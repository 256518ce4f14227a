"""The rows of the base model: what raw labels become, where evidence lies, and that dev stays apart from train."""

from pathlib import Path

import pytest

import prepare as lite
from base import labels, prepare
from base.labels import ASPECTS, EMOTIONS, INTENTS, Mark, acos_mark, aspect_polarity, aspect_truth, emotion_truth
from base.prepare import Example, Quote, acos_quotes, acos_text, cosmetics_quotes, locate, product_text

CLEANER = Path(__file__).parents[2] / lite.CLEANER
needs_cleaner = pytest.mark.skipif(not CLEANER.exists(), reason="the native-release build makes the cleaner")

# The raw labels as the sets' own descriptions list them.
GOEMOTIONS = """admiration amusement anger annoyance approval caring confusion curiosity desire disappointment
disapproval disgust embarrassment excitement fear gratitude grief joy love nervousness optimism pride realization relief
remorse sadness surprise neutral"""
SINGLE = """angry happy sad surprise fear neutral none like disgust sadness anger happiness joy love"""
COSMETICS = "整体 使用体验 功效 价格 物流 气味 包装 真伪 服务 其他 成分 尺寸 新鲜度"
CAR = "动力 价格 操控 油耗 舒适性 配置 安全性 内饰 外观 空间"
ASAP = """location_traffic location_distance_from_business_district location_easy_to_find service_wait_time
service_waiters_attitude service_parking_convenience service_serving_speed price_level price_cost_effective
price_discount environment_decoration environment_noise environment_space environment_cleaness dish_portion dish_taste
dish_look dish_recommendation"""
BITEXT = """cancel_order change_order change_shipping_address check_cancellation_fee check_invoice check_payment_methods
check_refund_policy complaint contact_customer_service contact_human_agent create_account delete_account
delivery_options delivery_period edit_account get_invoice get_refund newsletter_subscription payment_issue place_order
recover_password registration_problems review set_up_shipping_address switch_account track_order track_refund"""
TOPICS = (
    "Delivery, Refund & Returns, Product Integrity & Accuracy, Billing & Transaction Problems, Promotions, Inventory, "
    "Subscriptions, Technical Issues, Security and Privacy, Account & Profile Management"
)
OPEN_ON_PURPOSE = {  # raw labels that make no id true
    "goemotions": {"curiosity", "confusion", "caring", "desire", "realization"},
    "single": {"disgust"},
    "cosmetics": {"整体", "其他"},
    "car": set(),
    "asap": {
        "dish_recommendation",
        *(label for label in ASAP.split() if label.startswith(("environment", "location"))),
    },
    "topics": {"Product Integrity & Accuracy", "Inventory", "Subscriptions"},
}


@pytest.mark.parametrize(
    ("name", "table", "raw", "ids"),
    [
        ("goemotions", labels.GOEMOTIONS, GOEMOTIONS.split(), EMOTIONS),
        ("single", labels.SINGLE_EMOTIONS, SINGLE.split(), EMOTIONS),
        ("cosmetics", labels.COSMETICS, COSMETICS.split(), labels.COSMETICS_KNOWN),
        ("car", labels.CAR, CAR.split(), labels.CAR_KNOWN),
        ("asap", labels.ASAP, ASAP.split(), labels.ASAP_KNOWN),
        ("topics", labels.TOPICS, TOPICS.split(", "), labels.TOPICS_KNOWN),
    ],
)
def test_every_raw_label_is_mapped_or_open_on_purpose(
    name: str, table: dict[str, Mark | None], raw: list[str], ids: tuple[str, ...]
) -> None:
    assert sorted(table) == sorted(raw)
    assert {label for label, mark in table.items() if mark is None or mark.true is None} == OPEN_ON_PURPOSE[name]
    assert {mark.true for mark in table.values() if mark and mark.true} <= set(ids)


def test_every_bitext_intent_has_one_of_ours() -> None:
    assert sorted(labels.BITEXT_INTENTS) == sorted(BITEXT.split())
    assert set(labels.BITEXT_INTENTS.values()) <= set(INTENTS)


@pytest.mark.parametrize(
    ("category", "aspect"),
    [
        ("LAPTOP#PRICE", "price"),
        ("RESTAURANT#PRICES", "price"),
        ("SHIPPING#PRICE", "price"),
        ("SHIPPING#GENERAL", "logistics"),
        ("SUPPORT#DESIGN_FEATURES", "customer_service"),
        ("SERVICE#GENERAL", "customer_service"),
        ("WARRANTY#QUALITY", "warranty_repair"),
        ("FOOD#STYLE_OPTIONS", "product_quality"),
        ("FANS&COOLING#QUALITY", "product_quality"),
        ("CPU#OPERATION_PERFORMANCE", "performance"),
        ("PORTS#CONNECTIVITY", "usability"),
        ("LAPTOP#GENERAL", None),
        ("LAPTOP#DESIGN_FEATURES", None),
    ],
)
def test_acos_categories_go_by_price_then_entity_then_attribute(category: str, aspect: str | None) -> None:
    assert acos_mark(category).true == aspect


def test_an_unknown_raw_label_is_an_error() -> None:
    with pytest.raises(KeyError):
        acos_mark("LAPTOP#SMELL")


def go(*names: str) -> dict[str, int]:
    return emotion_truth(labels.GOEMOTIONS[name] for name in names)


def test_none_is_true_alone_false_beside_an_emotion_and_unknown_beside_a_stranger() -> None:
    assert go("neutral") == {id: int(id == "none") for id in EMOTIONS}
    assert go("neutral", "joy")["none"] == 0
    assert go("curiosity", "joy")["none"] == 0
    assert "none" not in go("curiosity")
    assert "none" not in go("curiosity", "neutral")


def test_realization_leaves_surprise_open_unless_surprise_is_there() -> None:
    assert "surprise" not in go("realization", "anger")
    assert go("realization", "surprise")["surprise"] == 1


def test_a_single_label_leaves_its_neighbours_open() -> None:
    assert emotion_truth([labels.SINGLE_EMOTIONS["happy"]]) == {
        **dict.fromkeys(("anger", "disappointment", "anxiety", "sadness", "surprise", "none"), 0),
        "joy": 1,
    }
    disgust = emotion_truth([labels.SINGLE_EMOTIONS["disgust"]])
    assert not {"anger", "disappointment"} & disgust.keys()
    assert set(disgust.values()) == {0}


def test_an_open_aspect_is_unknown_unless_another_label_makes_it_true() -> None:
    overall, smell = labels.COSMETICS["整体"], labels.COSMETICS["气味"]
    assert "product_quality" not in aspect_truth(labels.COSMETICS_KNOWN, [overall])
    truth = aspect_truth(labels.COSMETICS_KNOWN, [overall, smell])
    assert truth["product_quality"] == 1
    assert truth["logistics"] == 0
    assert not {"other", "refund_return", "warranty_repair", "payment_account"} & truth.keys()


def test_polarities_of_one_aspect_are_collected() -> None:
    opinions = [(Mark("price"), 2), (Mark("price"), 0), (Mark(None, ("other",)), 1), (Mark("price"), 2)]
    assert aspect_polarity(opinions) == {"price": [0, 2]}


def test_a_quote_is_found_at_the_same_occurrence() -> None:
    assert locate(Quote("price", "贵", 4), "贵", "不贵、太贵!!!!", "不贵,太贵!!!") == ("price", 4, 5)
    assert locate(Quote("price", "Good", 5), "good", "good Good", "good good") is None
    assert locate(Quote("price", "‼", 0), "", "‼", "") is None


def test_acos_quotes_are_whole_words_that_stand_once() -> None:
    good = {"category": "FOOD#QUALITY", "opinion": "good"}
    assert acos_quotes("good goods", [good]) == [Quote("product_quality", "good", 0)]
    assert acos_quotes("good, really good", [good]) is None
    assert acos_quotes("good", [good, {"category": "SERVICE#GENERAL", "opinion": None}]) is None
    assert acos_quotes("good", [good, {"category": "LAPTOP#GENERAL", "opinion": "good"}]) is None


def test_acos_apostrophes_are_joined() -> None:
    assert acos_text("i ca n ' t say it ' s n ' t 13 - inch .") == "i can't say it'sn't 13-inch."


def cosmetic(text: str, aspect: str, opinion: str) -> dict[str, object]:
    a, o = text.index(aspect), text.index(opinion)
    spans = {"a_start": a, "a_end": a + len(aspect), "o_start": o, "o_end": o + len(opinion)}
    return {"category": "物流", "aspect": aspect, "opinion": opinion, **spans}


def test_a_cosmetics_span_covers_aspect_and_opinion_while_it_is_short() -> None:
    near, far = "昨天下单,物流真的很快", "物流" + "，这次是同城仓库发货而且当天就派送了，很快"
    assert cosmetics_quotes(near, [cosmetic(near, "物流", "很快")]) == [Quote("logistics", "物流真的很快", 5)]
    assert cosmetics_quotes(far, [cosmetic(far, "物流", "很快")]) == [Quote("logistics", "很快", far.index("很快"))]
    overall = {**cosmetic(near, "物流", "很快"), "category": "整体"}
    assert cosmetics_quotes(near, [overall]) is None


def test_a_product_is_led_by_a_brand_its_title_lacks() -> None:
    assert product_text({"title": "acrobat 8", "manufacturer": "adobe", "price": "9"}) == "adobe acrobat 8"
    assert product_text({"title": "sony radio", "brand": "sony"}) == "sony radio"
    assert product_text({"name": "bose speaker", "description": "black"}) == "bose speaker"


def test_unknown_fields_and_quotes_are_not_written() -> None:
    example = Example("set", "en", "text", sentiment=0, escalate=0, evidence=[], quotes=[])
    known = {"sentiment": 0, "evidence": [], "escalate": 0}  # zero and empty are known
    assert example.record() == {"source": "set", "language": "en", "text": "text", "fold": 0, **known}


def test_emoji_leave_evidence_and_unlabelled_texts_alone() -> None:
    marked = [Example("written_en", "en", "fine", sentiment=2, classes=3, evidence=[("price", 0, 4)])] * 500
    plain = [Example("set", "en", "fine", sentiment=2, classes=3) for _ in range(500)]
    unlabelled = [Example("set", "en", "fine") for _ in range(500)]
    prepare.add_emoji([*marked, *plain, *unlabelled])
    assert {example.text for example in (*marked, *unlabelled)} == {"fine"}
    assert {example.text for example in plain} > {"fine"}


@needs_cleaner
def test_evidence_slices_equal_the_cleaned_evidence() -> None:
    examples = prepare.clean(prepare.written_examples(), str(CLEANER))
    messages = [example for example in examples if example.source.startswith("written")]
    found = [example for example in messages if example.evidence is not None]
    assert len(found) > 0.99 * len(messages)
    words = iter(lite.clean_texts([quote.words for e in found for quote in e.quotes or ()], str(CLEANER)))
    for example in found:
        expected = {(quote.aspect, next(words)) for quote in example.quotes or ()}
        assert {(aspect, example.text[start:end]) for aspect, start, end in example.evidence or ()} == expected


@needs_cleaner
def test_written_messages_know_every_id() -> None:
    splits, _ = prepare.read_written(str(CLEANER))
    messages = [e for split in splits.values() for e in split if e.source.startswith("written")]
    assert all(tuple(e.aspects or ()) == ASPECTS and tuple(e.emotions or ()) == EMOTIONS for e in messages)
    assert {e.intent for e in messages} == set(INTENTS)
    assert {e.urgency for e in messages} == set(labels.URGENCIES)


@needs_cleaner
def test_no_written_text_of_train_stands_in_dev() -> None:
    splits, pairs = prepare.read_written(str(CLEANER))
    texts = {
        split: {e.text for e in splits[split]} | {text for pair in pairs[split] for text in prepare.sides(pair)}
        for split in ("train", "dev")
    }
    assert len(texts["dev"]) > 500
    assert texts["train"].isdisjoint(texts["dev"])
    assert all(e.fold < lite.SETTINGS.written_dev_folds for e in splits["dev"])


@needs_cleaner
def test_answers_show_no_slot() -> None:
    answers = prepare.answers(str(CLEANER))
    assert len(answers) > 100
    assert not [answer for answer in answers if "{" in answer["zh"] + answer["en"]]
    assert all(answer["zh"] and answer["en"] for answer in answers)
