// The shipped model against the Python reference: tests/golden/lite.tsv, written by models/golden.py.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "nn/lite_model.h"
#include "support.h"
#include "tasks/judged_text.h"
#include "text/ngrams.h"
#include "text/tokenizer.h"

namespace aftersense {
namespace {

constexpr std::string_view kRegenerate = "regenerate with: python models/golden.py";

std::vector<std::string> numbers(const std::string& cell, char separator) {
  return cell.empty() ? std::vector<std::string>{} : test::split(cell, separator);
}

template <typename T>
std::string join(const std::vector<T>& values, char separator) {
  std::string text;
  for (const T& value : values) text += (text.empty() ? "" : std::string(1, separator)) + std::to_string(value);
  return text;
}

TEST_CASE("the shipped model reproduces the golden integers and logits of every text") {
  const std::string golden = test::read_text("tests/golden/lite.tsv");
  INFO(kRegenerate);
  REQUIRE_FALSE(golden.empty());
  const Result<LiteModel> model = LiteModel::load(test::to_buffer(test::read_text("models/lite/aftersense-lite.aspack")));
  REQUIRE(model);
  const Result<Tokenizer> tokenizer = Tokenizer::load(model->tokenizer_bytes());
  REQUIRE(tokenizer);
  const schema::LiteEncoder& encoder = *model->pack().lite();
  const schema::LinearHead& head = *model->find_head("sentiment");

  std::vector<std::string> lines = test::split(golden, '\n');
  REQUIRE(lines.size() > 150);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const std::vector<std::string> cells = test::split(lines[i], '\t');
    REQUIRE(cells.size() == 7);
    CAPTURE(i, cells[0].substr(0, 200));
    const CleanText cleaned{.text = cells[0], .source = {}};
    const JudgedText judged(cleaned, model->pack().max_bytes());

    std::vector<std::int32_t> ids;
    for (const Piece& piece : tokenizer->encode(judged.text())) ids.push_back(piece.id);
    CHECK(join(ids, ' ') == cells[2]);
    std::vector<std::uint32_t> buckets;
    for (const Ngram& ngram : hash_ngrams(judged.text(), encoder.ngram_order(), encoder.ngram_log2_buckets()))
      buckets.push_back(ngram.bucket);
    std::ranges::sort(buckets);
    buckets.erase(std::ranges::unique(buckets).begin(), buckets.end());
    CHECK(std::to_string(buckets.size()) == cells[3]);

    const HeadOutput output = model->run_head(head, model->encode(ids, buckets));
    CHECK(join(output.dense, ',') == cells[4]);
    CHECK(join(output.ngram, ',') == cells[5]);
    const std::vector<std::string> logits = numbers(cells[6], ',');
    REQUIRE(logits.size() == output.logits.size());
    for (std::size_t k = 0; k < logits.size(); ++k) CHECK(output.logits[k] == std::strtof(logits[k].c_str(), nullptr));
  }
}

}  // namespace
}  // namespace aftersense
