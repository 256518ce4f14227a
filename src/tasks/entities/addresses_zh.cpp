// Chinese postal addresses: chains of divisions, roads, places and numbers, from the large to the small.
#include <algorithm>
#include <optional>

#include "tasks/entities/scanners.h"

namespace aftersense {
namespace {

constexpr std::size_t kMaxSegment = 10;
constexpr std::size_t kMaxSegments = 16;

constexpr auto kProvinces =
    make_words({U"北京", U"天津", U"上海", U"重庆",   U"河北", U"山西", U"辽宁", U"吉林", U"黑龙江", U"江苏", U"浙江", U"安徽",
                U"福建", U"江西", U"山东", U"河南",   U"湖北", U"湖南", U"广东", U"海南", U"四川",   U"贵州", U"云南", U"陕西",
                U"甘肃", U"青海", U"台湾", U"内蒙古", U"广西", U"西藏", U"宁夏", U"新疆", U"香港",   U"澳门"});
constexpr auto kCities = make_words(
    {U"广州", U"深圳", U"杭州", U"南京", U"苏州", U"成都", U"武汉", U"西安",     U"郑州",     U"长沙",   U"青岛", U"济南", U"沈阳",
     U"大连", U"宁波", U"厦门", U"福州", U"无锡", U"合肥", U"昆明", U"哈尔滨",   U"长春",     U"石家庄", U"太原", U"南昌", U"南宁",
     U"贵阳", U"兰州", U"海口", U"东莞", U"佛山", U"珠海", U"中山", U"温州",     U"泉州",     U"常州",   U"南通", U"徐州", U"烟台",
     U"嘉兴", U"绍兴", U"金华", U"台州", U"惠州", U"保定", U"洛阳", U"呼和浩特", U"乌鲁木齐", U"银川",   U"西宁", U"拉萨"});

constexpr auto kDivisions = make_words(
    {U"省", U"自治区", U"自治州", U"市", U"区", U"新区", U"开发区", U"县", U"旗", U"镇", U"乡", U"村", U"街道", U"街道办", U"社区"});
constexpr auto kRoads = make_words(
    {U"路", U"街", U"大道", U"大街", U"道", U"巷", U"胡同", U"公路", U"国道", U"东路", U"西路", U"南路", U"北路", U"中路", U"路口", U"段"});
constexpr auto kPlaces =
    make_words({U"小区", U"花园", U"苑", U"城",   U"府",   U"广场", U"大厦", U"公寓", U"家园", U"新村", U"国际", U"中心",
                U"庭",   U"园",   U"邸", U"湾",   U"郡",   U"墅",   U"里",   U"院",   U"大学", U"学校", U"中学", U"小学",
                U"医院", U"公司", U"厂", U"驿站", U"名都", U"口",   U"组",   U"队",   U"门",   U"坊",   U"轩",   U"阁"});
constexpr auto kUnits = make_words({U"号", U"号楼", U"号院", U"栋", U"幢", U"座", U"单元", U"室", U"楼", U"层", U"房", U"户", U"弄", U"门",
                                    U"#", U"组", U"村", U"号门", U"f"});
/// Units that numbers of other things hardly have.
constexpr auto kSureUnits = make_words({U"号楼", U"号院", U"栋", U"幢", U"座", U"单元", U"室", U"弄"});

/// Characters that stand in sentences, not in names of places; what may stand before an address; what follows a count.
constexpr std::u32string_view kProse = U"的了我你您他她它们这个不很没要买请寄到送住在是给发收用说就址改";
constexpr std::u32string_view kLeads = U"在到寄是住送往给于去从回发址为货件收改成家";
constexpr std::u32string_view kCounted = U"天个件元块月日次岁年分点小时折%码斤";

enum class Level : std::uint8_t { division, road, place, number, tail };

struct Segment {
  Level level;
  std::size_t end;
};

/// What a chain has so far.
struct Chain {
  std::size_t begin;
  std::size_t end;
  std::array<std::size_t, 5> counts = {};
  bool has_sure_unit = false;
  bool is_known = false;  // begins with the name of a province or a large city

  [[nodiscard]] std::size_t count(Level level) const { return counts[static_cast<std::size_t>(level)]; }

  [[nodiscard]] bool is_address() const {
    const std::size_t divisions = count(Level::division) + (is_known ? 1 : 0);
    const bool is_numbered = count(Level::number) > 0;
    if (is_numbered && (divisions > 0 || count(Level::road) > 0)) return true;
    if (has_sure_unit && count(Level::place) > 0) return true;
    if (count(Level::tail) > 0 && count(Level::place) + divisions > 0) return true;
    return divisions >= 2 && (is_known || count(Level::road) + count(Level::place) > 0 || divisions >= 3);
  }
};

/// `3栋`, `A座`, `16-1-1603`; digits alone only after another number.
std::optional<Segment> read_number(const ScanText& text, std::size_t at, const Chain& chain) {
  std::size_t end = text.is_letter(at) && !text.is_letter(at + 1) ? at + 1 : at;
  bool is_dashed = false;
  for (std::size_t groups = 0; groups < 5; ++groups) {
    const std::size_t digits = text.skip_digits(end);
    if (digits - end > 5) return std::nullopt;
    end = digits > end && text.is_letter(digits) && !text.is_letter(digits + 1) && !text.is_digit(digits + 1) ? digits + 1 : digits;
    if (text[end] != U'-' || !text.is_word(end + 1)) break;
    is_dashed = true;
    ++end;
  }
  if (end == at || text.is_word(end)) return std::nullopt;
  const std::size_t unit = text.skip_word(end, kUnits);
  if (unit != end) return Segment{Level::number, unit};
  const bool is_after_number = chain.count(Level::number) > 0 || is_dashed;
  if (!is_after_number || text.is_one_of(end, kCounted) || text.is_one_of(end, U".:")) return std::nullopt;
  return Segment{Level::tail, end};
}

/// A name and what it is of: `西湖区`, `文三路`. The nearest ending counts, so that each segment is as short as it can be.
std::optional<Segment> read_name(const ScanText& text, std::size_t at) {
  for (std::size_t end = at; end - at < kMaxSegment; ++end) {
    if (!text.is_han(end) || text.is_one_of(end, kProse)) {
      // "恒大名都3栋": nothing says what the name is of, but the number does.
      const bool is_numbered = end - at >= 2 && text.is_digit(end);
      const std::size_t digits = text.skip_digits(end);
      return is_numbered && text.skip_word(digits, kSureUnits) != digits ? std::optional(Segment{Level::place, end}) : std::nullopt;
    }
    if (end == at) continue;
    for (const auto& [words, level] :
         {std::pair(Words(kDivisions), Level::division), std::pair(Words(kRoads), Level::road), std::pair(Words(kPlaces), Level::place)}) {
      const std::size_t after = text.skip_word(end, words);
      if (after == end) continue;
      const std::size_t road = text.skip_word(after, kRoads);  // "学院路"
      return road != after ? Segment{Level::road, road} : Segment{level, after};
    }
  }
  return std::nullopt;
}

std::size_t skip_known(const ScanText& text, std::size_t at) {
  const std::size_t province = text.skip_word(at, kProvinces);
  return province != at ? province : text.skip_word(at, kCities);
}

Chain read_chain(const ScanText& text, std::size_t begin) {
  Chain chain{.begin = begin, .end = begin};
  const std::size_t known = skip_known(text, begin);
  if (known != begin) {
    chain.is_known = true;
    chain.end = known;
    if (text.skip_word(known, kDivisions) != known) chain.end = text.skip_word(known, kDivisions);
  }
  for (std::size_t segments = 0; segments < kMaxSegments; ++segments) {
    std::size_t at = chain.end;
    while (chain.end > begin && at - chain.end < 2 && text.is_one_of(at, U" ,")) ++at;
    std::optional<Segment> next = chain.end > begin ? read_number(text, at, chain) : std::nullopt;
    if (!next) next = read_name(text, at);
    if (!next) break;
    ++chain.counts[static_cast<std::size_t>(next->level)];
    chain.has_sure_unit |= next->level == Level::number && text.skip_word_back(next->end, kSureUnits) != next->end;
    chain.end = next->end;
  }
  return chain;
}

bool may_begin(const ScanText& text, std::size_t at) {
  if (!text.is_han(at) || (text.is_one_of(at, U"回成到") && text.is_han(at - 1))) return false;
  return !text.is_han(at - 1) || text.is_one_of(at - 1, kLeads) || skip_known(text, at) != at;
}

}  // namespace

void scan_chinese_addresses(const ScanText& text, Candidates& found) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!may_begin(text, at)) continue;
    const Chain chain = read_chain(text, at);
    if (!chain.is_address()) continue;
    found.push_back({EntityKind::address, Belief::likely, chain.begin, chain.end});
    at = chain.end - 1;
  }
}

}  // namespace aftersense
