#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "allocations.h"
#include "catch_amalgamated.hpp"
#include "core/aligned_buffer.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/result.h"
#include "core/span.h"

using namespace aftersense;

TEST_CASE("Error codes and their names are one to one", "[core]") {
  CHECK(std::set<std::string_view>(kErrorNames.begin(), kErrorNames.end()).size() == kErrorNames.size());
  CHECK(error_name(ErrorCode::invalid_argument) == "invalid_argument");
  CHECK(error_name(ErrorCode::pack_corrupt) == "pack_corrupt");
  CHECK(error_name(ErrorCode::out_of_memory) == "out_of_memory");
  CHECK(kErrorNames.size() == static_cast<std::size_t>(ErrorCode::out_of_memory) + 1);
}

TEST_CASE("A Result holds a value or an Error, and moves what cannot be copied", "[core]") {
  Result<std::unique_ptr<int>> value = std::make_unique<int>(7);
  REQUIRE(value);
  CHECK(**value == 7);
  const std::unique_ptr<int> moved = *std::move(value);
  CHECK(*moved == 7);
  const Result<int> failed = Error{ErrorCode::pack_corrupt, "why"};
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == ErrorCode::pack_corrupt);
  CHECK(failed.error().message == "why");
}

TEST_CASE("An AlignedBuffer starts on 16 bytes, and is empty once moved from", "[core]") {
  for (const std::size_t size : {1U, 15U, 16U, 17U, 4097U}) {
    AlignedBuffer buffer(size);
    CHECK(reinterpret_cast<std::uintptr_t>(buffer.bytes().data()) % AlignedBuffer::kAlignment == 0);
    std::ranges::fill(buffer.bytes(), std::uint8_t{7});
    const AlignedBuffer moved = std::move(buffer);
    CHECK(moved.bytes().size() == size);
    CHECK(buffer.bytes().empty());  // NOLINT(bugprone-use-after-move): what is tested
  }
}

TEST_CASE("Memory is reserved where there is some, and refused where there is none", "[core]") {
  CHECK(reserve_memory(0));
  CHECK(reserve_memory(std::size_t{1} << 20));
  const test::MemoryLimit limit(1000);
  CHECK(reserve_memory(1000));
  CHECK_FALSE(reserve_memory(1001));
}

TEST_CASE("A ByteSpan cuts its bytes out of a text", "[core]") {
  CHECK(ByteSpan{1, 4}.of("a好b") == "好");
  CHECK(ByteSpan{1, 4}.size() == 3);
  CHECK(ByteSpan{2, 2}.of("abc").empty());
}
