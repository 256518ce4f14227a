#include "tasks/keywords.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numbers>
#include <unordered_map>

#include "core/utf8.h"
#include "text/characters.h"

namespace aftersense {
namespace {

// Function words and what nearly every review says, sorted for binary search.
constexpr auto kEnglishStopWords = std::to_array<std::string_view>({
    "a",       "about",   "actually",   "after",  "again",   "all",     "also",    "although", "always",  "am",        "an",      "and",
    "another", "any",     "anything",   "are",    "as",      "at",      "back",    "be",       "because", "been",      "before",  "being",
    "bit",     "bought",  "but",        "buy",    "by",      "came",    "can",     "can't",    "cannot",  "come",      "could",   "day",
    "days",    "did",     "didn't",     "do",     "does",    "doesn't", "don't",   "done",     "down",    "each",      "else",    "even",
    "ever",    "every",   "everything", "far",    "few",     "first",   "for",     "from",     "get",     "gets",      "getting", "give",
    "go",      "goes",    "going",      "gone",   "got",     "had",     "has",     "have",     "haven't", "having",    "he",      "her",
    "here",    "him",     "his",        "how",    "however", "i",       "i'd",     "i'll",     "i'm",     "i've",      "if",      "in",
    "into",    "is",      "isn't",      "it",     "it's",    "its",     "itself",  "just",     "know",    "last",      "left",    "less",
    "let",     "like",    "little",     "long",   "look",    "looks",   "lot",     "made",     "make",    "makes",     "many",    "may",
    "maybe",   "me",      "might",      "mine",   "more",    "most",    "much",    "must",     "my",      "myself",    "need",    "never",
    "new",     "next",    "no",         "none",   "nor",     "not",     "nothing", "now",      "of",      "off",       "often",   "old",
    "on",      "once",    "one",        "only",   "onto",    "or",      "other",   "our",      "out",     "over",      "own",     "part",
    "people",  "perhaps", "please",     "put",    "quite",   "rather",  "re",      "really",   "right",   "said",      "same",    "say",
    "see",     "seem",    "seems",      "she",    "should",  "since",   "so",      "some",     "someone", "something", "still",   "such",
    "sure",    "take",    "than",       "that",   "that's",  "the",     "their",   "them",     "then",    "there",     "these",   "they",
    "they're", "thing",   "things",     "think",  "this",    "those",   "though",  "through",  "time",    "to",        "too",     "took",
    "tried",   "try",     "two",        "under",  "until",   "up",      "upon",    "us",       "use",     "used",      "using",   "ve",
    "very",    "want",    "wanted",     "was",    "wasn't",  "way",     "we",      "well",     "went",    "were",      "what",    "when",
    "where",   "which",   "while",      "who",    "whole",   "why",     "will",    "with",     "within",  "without",   "won't",   "would",
    "yes",     "yet",     "you",        "you're", "your",
});
constexpr auto kChineseStopWords = std::to_array<std::string_view>({
    "一下", "一个", "一些", "一定",   "一样", "一次",   "一点", "一直",   "一般",   "一起", "上面", "下面", "不会", "不是",   "不知道",
    "不能", "不要", "不过", "不错的", "东东", "东西",   "个人", "为了",   "为什么", "主要", "之前", "之后", "之类", "也是",   "买了",
    "买的", "于是", "什么", "今天",   "他们", "以前",   "以及", "以后",   "任何",   "但是", "你们", "使用", "便是", "其中",   "其他",
    "其实", "再次", "几个", "几天",   "刚刚", "别人",   "到了", "只是",   "只有",   "只能", "可以", "可是", "可能", "各种",   "后来",
    "听说", "告诉", "因为", "因此",   "多了", "大家",   "太多", "好像",   "如何",   "如果", "宝贝", "对于", "就是", "已经",   "常常",
    "应该", "开始", "当时", "很多",   "怎么", "总之",   "总体", "想要",   "感觉",   "我们", "或者", "所以", "所有", "打开",   "收到",
    "整体", "无论", "时候", "时间",   "昨天", "是不是", "是否", "更加",   "最后",   "有些", "有人", "有点", "有的", "期间",   "本书",
    "来的", "来说", "某些", "根本",   "每次", "比较",   "没人", "没想到", "没有",   "然后", "然而", "特别", "现在", "甚至",   "用了",
    "由于", "的话", "目前", "直接",   "相当", "看到",   "看看", "看着",   "真是",   "真的", "知道", "确实", "第一", "第一次", "第二",
    "算是", "经常", "结果", "给了",   "给我", "绝对",   "而且", "而是",   "自从",   "自己", "虽然", "觉得", "认为", "许多",   "说什么",
    "说是", "购买", "起来", "还可以", "还是", "还有",   "还没", "这个",   "这么",   "这些", "这家", "这样", "这次", "这款",   "这种",
    "这里", "那个", "那么", "那些",   "那样", "那种",   "那里", "都是",   "里面",   "问题", "除了", "难道", "非常",
});
static_assert(std::ranges::is_sorted(kEnglishStopWords));
static_assert(std::ranges::is_sorted(kChineseStopWords));

// Characters that belong to no word at its beginning or end: "的质量" is about 质量.
constexpr std::u32string_view kParticles = U"的了吧吗呢啊呀哦哈着过也都就还又很是在把被给和与而但我你他她它这那个们得地";

// Characters that, alone, are words of their own: a run of single characters is no unknown word if it holds one.
constexpr std::u32string_view kOwnWords =
    U"上下里外中内后前左右大小多少长短高低没不无有好坏真再才只从对为以及或其每各该所比跟向太更最挺超等既若如因"
    U"来去到会要能可想让用买卖说看吃喝穿拿放扔做写收发送退换打开坐住走跑叫问听件箱瓶盒袋张双条本台次年月日天号点分元块一二两三四五六七八九"
    U"十几人家";

/// No word counts for more: what the unigram model cannot spell is rare, but often only misspelt.
constexpr float kMaxInformation = 16;

struct Candidate {
  ByteSpan span;
  float information = 0;
};

bool is_any_of(char32_t c, std::u32string_view set) {
  return set.find(c) != std::u32string_view::npos;
}

/// −log₂ of a piece's probability; the maximum for pieces without one (unknown, user-defined).
float information(const Piece& piece, const Tokenizer& tokenizer) {
  const float score = tokenizer.score(piece.id);
  return score < 0 ? std::min(kMaxInformation, -score * std::numbers::log2e_v<float>) : kMaxInformation;
}

/// Words of alphabets: letters and digits with at least two letters, `'` and `-` inside; "'s" is no part of one.
std::vector<Candidate> find_words(std::string_view cleaned) {
  std::vector<Candidate> words;
  ByteSpan word;
  std::size_t letters = 0;
  const auto end_word = [&] {
    if (word.size() > 2 && word.of(cleaned).ends_with("'s")) word.end -= 2;
    if (letters >= 2 && !std::ranges::binary_search(kEnglishStopWords, word.of(cleaned))) words.push_back({word, 0});
    letters = 0;
    word = {};
  };
  char32_t before = U' ';
  for (std::size_t at = 0; at < cleaned.size();) {
    const CodePoint point = decode_utf8(cleaned.substr(at));
    const auto begin = static_cast<std::uint32_t>(at);
    at += point.size_bytes;
    if (is_letter_or_digit(point.value)) {
      if (word.size() == 0) word.begin = begin;
      word.end = static_cast<std::uint32_t>(at);
      letters += !is_digit(point.value);
    } else if (!((point.value == U'\'' || point.value == U'-') && is_letter_or_digit(before))) {
      end_word();
    }
    before = point.value;
  }
  end_word();
  return words;
}

/// Gives each word the information of the pieces that it touches. Both are in order.
void add_information(const std::vector<Piece>& pieces, const Tokenizer& tokenizer, std::vector<Candidate>& words) {
  auto piece = pieces.begin();
  for (Candidate& word : words) {
    while (piece != pieces.end() && piece->span.end <= word.span.begin) ++piece;
    for (auto i = piece; i != pieces.end() && i->span.begin < word.span.end; ++i) {
      if (i->span.size() > 0) word.information += information(*i, tokenizer);
    }
    word.information = std::min(word.information, kMaxInformation);
  }
}

/// `span` without particles at both ends; empty if it is not all Chinese characters. 受不了 keeps its 了.
ByteSpan trim_han(std::string_view cleaned, ByteSpan span) {
  ByteSpan word{span.begin, span.begin};
  char32_t before = 0;
  for (std::uint32_t at = span.begin; at < span.end;) {
    const CodePoint point = decode_utf8(cleaned.substr(at));
    const auto next = at + static_cast<std::uint32_t>(point.size_bytes);
    if (!is_han(point.value)) return {};
    if (!is_any_of(point.value, kParticles) || (point.value == U'了' && before == U'不')) {
      if (word.size() == 0) word.begin = at;
      word.end = next;
    }
    before = point.value;
    at = next;
  }
  return word;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

/// Chinese words: pieces of two or more characters, and runs of two or three pieces of one character each, which are mostly words
/// that the tokeniser does not have.
std::vector<Candidate> find_han_words(std::string_view cleaned, const std::vector<Piece>& pieces, const Tokenizer& tokenizer) {
  std::vector<Candidate> words;
  Candidate run;
  std::size_t run_size = 0;
  const auto add = [&](const Candidate& word) {
    if (count_characters(word.span.of(cleaned)) < 2 || std::ranges::binary_search(kChineseStopWords, word.span.of(cleaned))) return;
    words.push_back({word.span, std::min(word.information, kMaxInformation)});
  };
  const auto end_run = [&] {
    if (run_size == 2 || run_size == 3) add(run);
    run_size = 0;
  };
  for (const Piece& piece : pieces) {
    const ByteSpan span = trim_han(cleaned, piece.span);
    const bool is_single = span.size() > 0 && count_characters(piece.span.of(cleaned)) == 1;
    const bool may_join = is_single && !is_any_of(decode_utf8(span.of(cleaned)).value, kOwnWords);
    if (!may_join || (run_size > 0 && run.span.end != span.begin)) end_run();
    if (may_join) {
      run = run_size == 0 ? Candidate{span, 0} : Candidate{{run.span.begin, span.end}, run.information};
      run.information += information(piece, tokenizer);
      ++run_size;
    } else if (span.size() > 0) {
      add({span, information(piece, tokenizer)});
    }
  }
  end_run();
  return words;
}

/// Adds up the weights of equal words; the first occurrence stands for all.
std::vector<Keyword> merge_equal(std::string_view cleaned, const std::vector<Candidate>& words) {
  std::vector<Keyword> keywords;
  std::unordered_map<std::string_view, std::size_t> index;
  for (const Candidate& word : words) {
    const auto [known, is_new] = index.try_emplace(word.span.of(cleaned), keywords.size());
    if (is_new) {
      keywords.push_back({word.span, word.information});
    } else {
      keywords[known->second].score += word.information;
    }
  }
  return keywords;
}

}  // namespace

std::vector<Keyword> find_keywords(std::string_view cleaned, Language language, const Tokenizer& tokenizer, std::size_t limit) {
  if (language == Language::other) return {};
  const std::vector<Piece> pieces = tokenizer.encode(cleaned);
  std::vector<Candidate> words = find_words(cleaned);
  add_information(pieces, tokenizer, words);
  const std::vector<Candidate> han_words = find_han_words(cleaned, pieces, tokenizer);
  words.insert(words.end(), han_words.begin(), han_words.end());
  std::ranges::sort(words, {}, [](const Candidate& word) { return word.span.begin; });
  std::vector<Keyword> keywords = merge_equal(cleaned, words);
  std::ranges::stable_sort(keywords, std::ranges::greater{}, &Keyword::score);
  if (keywords.size() > limit) keywords.resize(limit);
  for (Keyword& keyword : keywords) {
    if (&keyword != &keywords.front()) keyword.score /= keywords.front().score;
  }
  if (!keywords.empty()) keywords.front().score = 1;
  return keywords;
}

}  // namespace aftersense
