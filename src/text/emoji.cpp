#include "text/emoji.h"

#include <algorithm>
#include <array>

#include "text/characters.h"

namespace aftersense {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Emoji that people use as such: the Emoji property of emoji-data.txt (Unicode 16) without arrows, digits, letter-like signs and
/// CJK symbols; from U+1F000 on, whole blocks.
constexpr auto kEmojiRanges = std::to_array<Range>({
    {0x231A, 0x231B}, {0x23E9, 0x23F3}, {0x23F8, 0x23FA}, {0x2600, 0x2604}, {0x260E, 0x260E},   {0x2611, 0x2611},   {0x2614, 0x2615},
    {0x2618, 0x2618}, {0x261D, 0x261D}, {0x2620, 0x2620}, {0x2622, 0x2623}, {0x2626, 0x2626},   {0x262A, 0x262A},   {0x262E, 0x262F},
    {0x2638, 0x263A}, {0x2640, 0x2640}, {0x2642, 0x2642}, {0x2648, 0x2653}, {0x265F, 0x2660},   {0x2663, 0x2663},   {0x2665, 0x2666},
    {0x2668, 0x2668}, {0x267B, 0x267B}, {0x267E, 0x267F}, {0x2692, 0x2697}, {0x2699, 0x2699},   {0x269B, 0x269C},   {0x26A0, 0x26A1},
    {0x26A7, 0x26A7}, {0x26AA, 0x26AB}, {0x26B0, 0x26B1}, {0x26BD, 0x26BE}, {0x26C4, 0x26C5},   {0x26C8, 0x26C8},   {0x26CE, 0x26CF},
    {0x26D1, 0x26D1}, {0x26D3, 0x26D4}, {0x26E9, 0x26EA}, {0x26F0, 0x26F5}, {0x26F7, 0x26FA},   {0x26FD, 0x26FD},   {0x2702, 0x2702},
    {0x2705, 0x2705}, {0x2708, 0x270D}, {0x270F, 0x270F}, {0x2712, 0x2712}, {0x2714, 0x2714},   {0x2716, 0x2716},   {0x271D, 0x271D},
    {0x2721, 0x2721}, {0x2728, 0x2728}, {0x2733, 0x2734}, {0x2744, 0x2744}, {0x2747, 0x2747},   {0x274C, 0x274C},   {0x274E, 0x274E},
    {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2763, 0x2764}, {0x2795, 0x2797}, {0x27A1, 0x27A1},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
    {0x2B1B, 0x2B1C}, {0x2B50, 0x2B50}, {0x2B55, 0x2B55}, {0x3030, 0x3030}, {0x1F000, 0x1F1E5}, {0x1F1E6, 0x1F1FF}, {0x1F200, 0x1FAFF},
});

constexpr std::u32string_view kPositive =
    U"😊😀😃😄😁😆😂🤣🙂😉☺😇🥰😍🤩😘😗😚😙😋😛😜🤪😝🤗🤭😌🥳😎🤠🤓😺😸😹😻😽🫶🫡🥹"
    U"👍👌👏🙌🤝🙏💪🤟🤘✌🤙👊🤞✊🫰🙆💁🙋💃🕺❤🧡💛💚💙💜🤎🖤🤍💕💖💗💓💞💘💝💟❣♥💌💋"
    U"🎉🎊🎁🎈🥂🍻🍾🏆🥇🏅🎖💯✅✔☑🆗🌹🌸🌺🌻🌷💐🌼🍀🌈☀🌞⭐🌟✨💫🔥🚀👑💎🆒😼🎂🍬🍭🧧⭕";
constexpr std::u32string_view kNegative =
    U"😠😡🤬😤👿😈💢😒🙄😞😔😟😕🙁☹😣😖😫😩🥺😢😭😦😧😨😰😱😳😥😓🤯😷🤒🤕🤢🤮🤧😵💀☠💩🤡👎🖕🤦🙅🙎🙍"
    U"💔❌✖❎🚫⛔⚠🛑🗑😾😿🙀🫤🫠🫥👹👺💥🪦⚰🐛🪳🪰🐷🐍🔪🤥😪😑";

constexpr auto kEmoticons = std::to_array<Emoticon>({
    {U":)", Valence::positive, Right::anything},    {U":-)", Valence::positive, Right::anything},
    {U":^)", Valence::positive, Right::anything},   {U":')", Valence::positive, Right::anything},
    {U":'-)", Valence::positive, Right::anything},  {U"=)", Valence::positive, Right::anything},
    {U":]", Valence::positive, Right::anything},    {U":-]", Valence::positive, Right::anything},
    {U";)", Valence::positive, Right::anything},    {U";-)", Valence::positive, Right::anything},
    {U";]", Valence::positive, Right::anything},    {U":d", Valence::positive, Right::no_word},
    {U":-d", Valence::positive, Right::no_word},    {U"=d", Valence::positive, Right::no_word},
    {U";d", Valence::positive, Right::no_word},     {U":p", Valence::positive, Right::no_word},
    {U":-p", Valence::positive, Right::no_word},    {U";p", Valence::positive, Right::no_word},
    {U"=p", Valence::positive, Right::no_word},     {U"xd", Valence::positive, Right::no_word},
    {U":*", Valence::positive, Right::no_text},     {U":-*", Valence::positive, Right::no_text},
    {U"<3", Valence::positive, Right::no_text},     {U"^_^", Valence::positive, Right::anything},
    {U"^__^", Valence::positive, Right::anything},  {U"^___^", Valence::positive, Right::anything},
    {U"^-^", Valence::positive, Right::anything},   {U"^.^", Valence::positive, Right::anything},
    {U"^o^", Valence::positive, Right::anything},   {U"^^", Valence::positive, Right::no_text},
    {U"^_~", Valence::positive, Right::anything},   {U"n_n", Valence::positive, Right::no_word},
    {U"∩_∩", Valence::positive, Right::anything},   {U"≧▽≦", Valence::positive, Right::anything},
    {U"\\o/", Valence::positive, Right::no_text},   {U"\\(^o^)/", Valence::positive, Right::no_text},
    {U"*^_^*", Valence::positive, Right::anything}, {U":(", Valence::negative, Right::no_text},
    {U":-(", Valence::negative, Right::no_text},    {U":'(", Valence::negative, Right::no_text},
    {U":'-(", Valence::negative, Right::no_text},   {U"=(", Valence::negative, Right::no_text},
    {U";(", Valence::negative, Right::no_text},     {U":[", Valence::negative, Right::no_text},
    {U":-[", Valence::negative, Right::no_text},    {U":<", Valence::negative, Right::no_text},
    {U":-<", Valence::negative, Right::no_text},    {U">:(", Valence::negative, Right::no_text},
    {U">:-(", Valence::negative, Right::no_text},   {U":/", Valence::negative, Right::no_text},
    {U":-/", Valence::negative, Right::no_text},    {U":\\", Valence::negative, Right::no_text},
    {U":-\\", Valence::negative, Right::no_text},   {U"</3", Valence::negative, Right::no_text},
    {U"t_t", Valence::negative, Right::no_word},    {U"t__t", Valence::negative, Right::no_word},
    {U"t^t", Valence::negative, Right::no_word},    {U"qaq", Valence::negative, Right::no_word},
    {U"q_q", Valence::negative, Right::no_word},    {U"orz", Valence::negative, Right::no_word},
    {U";_;", Valence::negative, Right::anything},   {U"-_-", Valence::negative, Right::anything},
    {U"-.-", Valence::negative, Right::anything},   {U"-_-#", Valence::negative, Right::anything},
    {U"-_-|", Valence::negative, Right::anything},  {U"=_=", Valence::negative, Right::anything},
    {U"=.=", Valence::negative, Right::anything},   {U">_<", Valence::negative, Right::anything},
    {U">.<", Valence::negative, Right::anything},   {U"╯□╰", Valence::negative, Right::anything},
    {U"╯﹏╰", Valence::negative, Right::anything},  {U"o_o", Valence::neutral, Right::no_word},
    {U"o.o", Valence::neutral, Right::no_word},     {U":o", Valence::neutral, Right::no_word},
    {U":-o", Valence::neutral, Right::no_word},     {U":|", Valence::neutral, Right::no_text},
    {U":-|", Valence::neutral, Right::no_text},
});

constexpr auto kPositiveBrackets = std::to_array<std::u32string_view>({
    U"哈哈", U"嘻嘻", U"赞",   U"心",     U"爱你", U"鼓掌",   U"微笑",   U"可爱", U"太开心", U"呲牙", U"偷笑",     U"笑cry", U"给力",
    U"威武", U"good", U"ok",   U"亲亲",   U"抱抱", U"鲜花",   U"玫瑰",   U"蛋糕", U"礼物",   U"耶",   U"胜利",     U"酷",    U"花心",
    U"色",   U"憨笑", U"愉快", U"强",     U"握手", U"拥抱",   U"爱心",   U"害羞", U"调皮",   U"得意", U"坏笑",     U"满意",  U"庆祝",
    U"加油", U"馋嘴", U"大笑", U"笑哈哈", U"偷乐", U"中国赞", U"好喜欢", U"喜",   U"干杯",   U"顶",   U"破涕为笑", U"点赞",
});
constexpr auto kNegativeBrackets = std::to_array<std::u32string_view>({
    U"泪",     U"淚",       U"怒",   U"衰",   U"晕",   U"汗",   U"抓狂", U"生病", U"吐",     U"鄙视",   U"伤心",
    U"失望",   U"悲伤",     U"可怜", U"委屈", U"怒骂", U"哼",   U"闭嘴", U"黑线", U"流泪",   U"眼泪",   U"大哭",
    U"快哭了", U"泪流满面", U"发怒", U"愤怒", U"难过", U"白眼", U"撇嘴", U"弱",   U"弱爆了", U"心碎",   U"打脸",
    U"困",     U"感冒",     U"吃惊", U"惊恐", U"害怕", U"骷髅", U"咒骂", U"抠鼻", U"敲打",   U"左哼哼", U"右哼哼",
    U"费解",   U"崩溃",     U"裂开", U"允悲", U"跪了", U"摊手", U"捂脸", U"苦涩", U"叹气",
});
constexpr auto kNeutralBrackets = std::to_array<std::u32string_view>({
    U"思考",
    U"疑问",
    U"嘘",
    U"发呆",
    U"呵呵",
    U"蜡烛",
    U"围观",
    U"钱",
    U"挖鼻",
    U"挖鼻屎",
    U"睡",
    U"惊讶",
    U"阴险",
    U"doge",
    U"拜拜",
    U"作揖",
    U"吃瓜",
});

/// By ASCII character, whether some emoticon ends in it.
constexpr std::array<bool, 128> kEndsEmoticon = [] {
  std::array<bool, 128> ends{};
  for (const Emoticon& emoticon : kEmoticons) {
    if (emoticon.text.back() < ends.size()) ends[emoticon.text.back()] = true;
  }
  return ends;
}();

template <typename List>
bool contains(const List& list, std::u32string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

char32_t canonical_emoji(Valence valence) {
  switch (valence) {
    case Valence::positive:
      return U'😊';
    case Valence::negative:
      return U'😠';
    case Valence::neutral:
      break;
  }
  return U'😐';
}

std::optional<Valence> emoji_valence(char32_t c) {
  const auto range =
      std::lower_bound(kEmojiRanges.begin(), kEmojiRanges.end(), c, [](const Range& r, char32_t value) { return r.last < value; });
  if (range == kEmojiRanges.end() || c < range->first) return std::nullopt;
  if (kPositive.find(c) != std::u32string_view::npos) return Valence::positive;
  if (kNegative.find(c) != std::u32string_view::npos) return Valence::negative;
  return Valence::neutral;
}

std::span<const Emoticon> emoticons() {
  return kEmoticons;
}

bool ends_emoticon(char32_t c) {
  return c < kEndsEmoticon.size() ? kEndsEmoticon[c] : !is_han(c);
}

std::optional<Valence> bracket_emoticon(std::u32string_view name) {
  if (contains(kPositiveBrackets, name)) return Valence::positive;
  if (contains(kNegativeBrackets, name)) return Valence::negative;
  if (contains(kNeutralBrackets, name)) return Valence::neutral;
  return std::nullopt;
}

}  // namespace aftersense
