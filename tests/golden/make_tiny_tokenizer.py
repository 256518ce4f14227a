"""Write the tests' tokeniser: a unigram model of some 200 pieces, trained on the sentences below.

    python tests/golden/make_tiny_tokenizer.py

Out: tests/golden/tiny_tokenizer.spm.fb. The same sentencepiece release gives the same bytes.
"""

import io
from pathlib import Path

import sentencepiece as spm

OUT = Path(__file__).with_name("tiny_tokenizer.spm.fb")
EMOJI = ("😊", "😠", "😐")

SENTENCES = """
the battery is great and the screen is great
the battery died after two days and i want a refund
the delivery was late but the product is good
good quality good price fast delivery
the screen broke and the service did not answer
very bad quality do not buy
i want my money back the product is bad
excellent product and excellent service
the headphones broke after a week
great sound and the battery lasts two days
质量很好物流很快
电池质量很差要求退款
屏幕坏了客服不回复
物流太慢了包装破了
质量不错价格便宜
客服态度很好物流很快
收到的产品质量很差
电池用了两天就坏了要求退款
包装很好产品质量很好
屏幕很好电池很好价格便宜
真的受不了要退款
物流太慢受不了
客服态度差受不了
"""


def main() -> None:
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES.split("\n") * 4),
        model_writer=model,
        model_type="unigram",
        vocab_size=160,
        character_coverage=1.0,
        max_sentencepiece_length=10,
        normalization_rule_name="identity",
        remove_extra_whitespaces=True,
        user_defined_symbols=list(EMOJI),
        byte_fallback=False,
        bos_id=-1,
        eos_id=-1,
        num_threads=1,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    data = spm.convert_to_flatbuffer(
        model_proto=model.getvalue(), skip_char_bigrams=True
    )
    assert data is not None
    OUT.write_bytes(data)
    pieces = spm.SentencePieceProcessor(model_proto=model.getvalue())
    print(f"{pieces.vocab_size()} pieces, {len(data)} bytes")
    for text in ("the battery is great", "质量很好,物流很快!", "great 电池 😊", "zzz"):
        print(text, pieces.encode(text), pieces.encode(text, out_type=str))


if __name__ == "__main__":
    main()
