// Chinese names of persons: after a word that announces one, before a title, beside a telephone number.
#include <algorithm>
#include <array>

#include "tasks/entities/scanners.h"

namespace aftersense {
namespace {

constexpr std::u32string_view kSurnames =
    U"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付"
    U"方邹熊白孟秦邱侯江尹薛阎段雷龙黎史陶贺毛郝顾龚邵"
    U"万覃武钱戴严莫孔汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚舒阮纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆"
    U"蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时穆农"
    U"司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查苑迟邝阳"
    U"向凤闫阚褒晁裘仝肇萧傅赖洪殷詹柯薄强漆植敬冀计伏"
    U"干木盖濮邸惠鄢奚茅储原阴花粟郜郗郁鄂蔺仉蓟雍甯揭荆尧";
constexpr auto kCompounds = make_words({U"欧阳", U"司马", U"上官", U"诸葛", U"慕容", U"皇甫", U"司徒", U"东方", U"夏侯", U"尉迟", U"端木",
                                        U"南宫", U"令狐", U"公孙", U"独孤"});
/// Surnames that are everyday words.
constexpr std::u32string_view kEveryday =
    U"于和向高常成方安时曾万全那都单家连应明文关解路车华白马包温金石水管阳游房农冷商古简米强原花木干计";

/// What a field is called: a name follows whatever the words behind it.
constexpr auto kFields = make_words({U"姓名", U"收件人", U"收货人", U"寄件人", U"联系人", U"名字", U"户名", U"开户名", U"持卡人", U"抬头",
                                     U"署名", U"收款人", U"我叫", U"本名", U"真名", U"收件人姓名", U"客户", U"买家", U"机主"});
constexpr auto kSpeakers = make_words({U"本人", U"我是", U"联系方式", U"叫"});
/// After a field that is not right before them.
constexpr auto kCorrections = make_words({U"应该是", U"应为", U"应是", U"改成", U"改为", U"其实是"});
constexpr auto kLinks = make_words({U":", U" ", U"是", U"叫", U"为", U"改成", U"改为", U"应该是", U"写", U"填", U"=", U"-", U"应为"});
constexpr auto kDays = make_words({U"明天", U"明日", U"明早", U"明后", U"明年"});
constexpr auto kTitles = make_words({U"先生", U"女士", U"小姐", U"太太", U"师傅", U"老师", U"经理", U"阿姨", U"大姐", U"大哥", U"主任"});
/// Characters that follow a name, or that a name of two characters is followed by, rather than being part of one.
constexpr std::u32string_view kProse =
    U"的了是在我你您他她它们这那不也都就和与及或很没有要买电手收请住到说上下昨今天后前已能会对给把被让跟想未为从打发寄地身邮联退号单";

struct Reading {
  std::size_t end;
  bool is_bounded;  // what follows is no Chinese character
};

std::size_t skip_surname(const ScanText& text, std::size_t at) {
  const std::size_t compound = text.skip_word(at, kCompounds);
  if (compound != at) return compound;
  return text.is_one_of(at, kSurnames) ? at + 1 : at;
}

/// A surname and one or two characters more; `at` where there is none.
Reading read_name(const ScanText& text, std::size_t at) {
  const std::size_t given = skip_surname(text, at);
  std::size_t end = given;
  while (given != at && end - given < 2 && text.is_han(end) && !text.is_one_of(end, kProse) && text.skip_word(end, kDays) == end) ++end;
  if (given == at || end == given) return {at, false};
  return {end, (!text.is_han(end) && !text.is_word(end)) || (text[end] == U'收' && !text.is_han(end + 1))};
}

struct NameScanner {
  const ScanText& text;
  Candidates& found;

  void add(Belief belief, std::size_t begin, std::size_t end) { found.push_back({EntityKind::name, belief, begin, end}); }

  [[nodiscard]] std::size_t skip_links(std::size_t at) const {
    for (std::size_t links = 0; links < 4; ++links) {
      const std::size_t next = text.skip_word(at, kLinks);
      if (next == at) break;
      at = next;
    }
    // An emoji or another mark may stand between.
    return !text.is_han(at) && !text.is_word(at) && text.is_han(at + 1) && !text.is_one_of(at, U"，。,.!?;\n") ? at + 1 : at;
  }

  void after_word(std::size_t at) {
    const std::size_t field = text.skip_word(at, kFields);
    std::size_t end = field != at ? field : text.skip_word(at, kSpeakers);
    const bool is_correction = end == at;
    if (is_correction) end = text.skip_word(at, kCorrections);
    if (end == at || (is_correction && !text.is_announced(at, kFields, 8))) return;
    const std::size_t begin = skip_links(end);
    const Reading name = read_name(text, begin);
    if (name.end == begin) return;
    const bool is_plain = !text.is_one_of(begin, kEveryday);
    // "我是周末买的" is no name: after a word that also begins other sentences, the name has to end there.
    if (field != at ? is_plain || name.is_bounded || begin > end : name.is_bounded && (is_plain || begin > end || is_correction))
      add(Belief::announced, begin, name.end);
  }

  void before_title(std::size_t at) {
    const std::size_t title = text.skip_word(at, kTitles);
    if (title == at || (text[at] == U'小' && text[title] == U'姐')) return;
    for (std::size_t size = 4; size >= 1; --size) {
      const std::size_t begin = at - size;
      if (at < size || skip_surname(text, begin) == begin || skip_surname(text, begin) > at) continue;
      const Reading name = read_name(text, begin);
      const bool is_surname = skip_surname(text, begin) == at;
      if (!is_surname && name.end != at) continue;
      const bool is_free = !text.is_han(begin - 1) || text.is_one_of(begin - 1, U"叫找给是的和位与让请由系被人");
      if (!is_free && (size > 1 || text.is_one_of(begin, kEveryday))) continue;
      return add(Belief::likely, begin, title);
    }
  }

  /// A space, a comma, an emoji: what stands between the lines of an address.
  [[nodiscard]] bool is_mark(std::size_t at) const { return text.is_one_of(at, U" ,:") || text[at] > 0x1F000; }

  /// A name that stands alone between marks.
  void alone_at(std::size_t begin) {
    const Reading name = read_name(text, begin);
    if (name.end != begin && name.is_bounded && !text.is_han(begin - 1)) add(Belief::shape, begin, name.end);
  }

  /// `张三 138…`, `138… 张三`, `…501室，张三收`.
  void beside(const Candidate& contact) {
    std::size_t before = contact.begin;
    while (contact.begin - before < 4 && is_mark(before - 1)) --before;
    for (std::size_t size = 4; size >= 2; --size) {
      if (before != contact.begin && before >= size && read_name(text, before - size).end == before) alone_at(before - size);
    }
    std::size_t after = contact.end;
    while (after - contact.end < 4 && is_mark(after)) ++after;
    if (after != contact.end && !text.is_one_of(after, kEveryday)) alone_at(after);
  }
};

}  // namespace

void scan_chinese_names(const ScanText& text, Candidates& found) {
  NameScanner scanner{text, found};
  const std::size_t others = found.size();
  for (std::size_t i = 0; i < others; ++i) {
    const Candidate contact = found[i];
    if (contact.kind == EntityKind::phone || contact.kind == EntityKind::address) scanner.beside(contact);
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!text.is_han(at)) continue;
    scanner.after_word(at);
    scanner.before_title(at);
  }
}

}  // namespace aftersense
