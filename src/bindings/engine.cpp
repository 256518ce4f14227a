#include "bindings/engine.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "bindings/catalog_messages.h"
#include "bindings/recommending.h"
#include "bindings/replies.h"
#include "bindings/routing.h"
#include "tasks/lean_shard.h"

namespace aftersense {
namespace {

/// The root of a request, or nullptr where its bytes are not one. Texts and products come from the page, so they are verified like files.
template <typename Request>
const Request* open_request(const AlignedBuffer& buffer) {
  flatbuffers::Verifier::Options options;
  options.max_tables = static_cast<flatbuffers::uoffset_t>(buffer.bytes().size() / 4 + 1);
  flatbuffers::Verifier verifier(buffer.bytes().data(), buffer.bytes().size(), options);
  return verifier.VerifyBuffer<Request>() ? flatbuffers::GetRoot<Request>(buffer.bytes().data()) : nullptr;
}

Error bad_request() {
  return {ErrorCode::invalid_argument, "The request is not one of this module's messages."};
}

Error no_model() {
  return {ErrorCode::model_missing, "Load a model first."};
}

Error other_states() {
  return {ErrorCode::invalid_argument, "The states that were loaded are not those of this request's windows; plan it and load them again."};
}

Error no_catalog() {
  return {ErrorCode::catalog_missing, "Load a catalogue first: catalog.load(url)."};
}

/// Has `runner` run the windows of a call, whatever its end.
template <typename Runner>
class RunsWindows {
 public:
  RunsWindows(Analyzer& analyzer, Runner* runner) : analyzer_(&analyzer) {
    if (runner != nullptr) analyzer.set_window_runner([runner](std::span<const std::int32_t> tokens) { return runner->run(tokens); });
  }
  ~RunsWindows() { analyzer_->set_window_runner({}); }
  RunsWindows(const RunsWindows&) = delete;
  RunsWindows& operator=(const RunsWindows&) = delete;

 private:
  Analyzer* analyzer_;
};

template <typename T>
T* get_pointer(std::optional<T>& value) {
  return value ? &*value : nullptr;
}

Analyzer::Options options_of(const schema::AnalyzeRequest& message) {
  return {.explain = message.explain(), .tier = message.tier() == schema::Tier::lite ? Tier::lite : Tier::base};
}

}  // namespace

template <typename Reply>
std::span<const std::uint8_t> Engine::respond(flatbuffers::Offset<Reply> reply) {
  response_.Finish(schema::CreateResponse(response_, schema::ReplyTraits<Reply>::enum_value, reply.Union()));
  return {response_.GetBufferPointer(), response_.GetSize()};
}

std::span<const std::uint8_t> Engine::fail(const Error& error) {
  response_.Clear();
  const auto failure =
      schema::CreateFailure(response_, response_.CreateString(error_name(error.code)), response_.CreateString(error.message));
  response_.Finish(schema::CreateResponse(response_, schema::Reply::NONE, 0, failure));
  return {response_.GetBufferPointer(), response_.GetSize()};
}

template <typename Model>
std::span<const std::uint8_t> Engine::respond_info(const Model& model) {
  response_.Clear();
  const auto text = [&](const flatbuffers::String* value) { return response_.CreateString(value->string_view()); };
  return respond(schema::CreateModelInfo(response_, text(model.pack().name()), text(model.pack().version()), text(model.pack().tier()),
                                         static_cast<std::uint32_t>(model.size_bytes())));
}

std::span<const std::uint8_t> Engine::load_model(AlignedBuffer file) {
  const Result<Tier> tier = read_tier(std::as_const(file).bytes());
  if (!tier) return fail(tier.error());
  if (*tier == Tier::base) {
    if (!analyzer_) return fail({ErrorCode::model_missing, "The base model reads together with the lite one; load the lite model first."});
    if (auto error = analyzer_->load_base(std::move(file))) return fail(*error);
    return respond_info(*analyzer_->base_model());
  }
  Result<Analyzer> analyzer = Analyzer::load(std::move(file));
  if (!analyzer) return fail(analyzer.error());
  analyzer_.emplace(*std::move(analyzer));
  return respond_info(analyzer_->lite_model());
}

Result<Engine::LoadedCatalog> Engine::open_catalog(AlignedBuffer file) {
  if (auto error = restore_weights(file.bytes())) return *error;
  Result<Catalog> catalog = Catalog::load(std::as_const(file).bytes());
  if (!catalog) return catalog.error();
  return LoadedCatalog{std::move(file), *std::move(catalog)};
}

/// What is loaded, all together.
std::span<const std::uint8_t> Engine::respond_catalogs() {
  std::size_t bytes = 0;
  for (const LoadedCatalog& loaded : catalogs_) bytes += loaded.file.bytes().size();
  response_.Clear();
  return respond(pack_info(response_, products(), bytes));
}

std::span<const std::uint8_t> Engine::load_catalog(AlignedBuffer file) {
  Result<LoadedCatalog> loaded = open_catalog(std::move(file));
  if (!loaded) return fail(loaded.error());
  catalogs_.clear();
  catalogs_.push_back(*std::move(loaded));
  return respond_catalogs();
}

std::span<const std::uint8_t> Engine::load_shard(AlignedBuffer file) {
  Result<LoadedCatalog> loaded = open_catalog(std::move(file));
  if (!loaded) return fail(loaded.error());
  catalogs_.push_back(*std::move(loaded));
  return respond_catalogs();
}

std::span<const std::uint8_t> Engine::drop_shards(const AlignedBuffer& request) {
  const auto* message = open_request<schema::DropShardsRequest>(request);
  if (message == nullptr) return fail(bad_request());
  std::vector<bool> dropped(catalogs_.size());
  for (const std::uint32_t place : *message->places()) {
    if (place >= dropped.size()) return fail({ErrorCode::invalid_argument, "There is no shard at place " + std::to_string(place) + "."});
    dropped[place] = true;
  }
  std::vector<LoadedCatalog> kept;
  for (std::size_t i = 0; i < catalogs_.size(); ++i) {
    if (!dropped[i]) kept.push_back(std::move(catalogs_[i]));
  }
  catalogs_ = std::move(kept);
  return respond_catalogs();
}

CatalogSet Engine::products() const {
  std::vector<const Catalog*> catalogs;
  for (const LoadedCatalog& loaded : catalogs_) catalogs.push_back(&loaded.catalog);
  return CatalogSet(catalogs);
}

CatalogSet Engine::articles() const {
  std::vector<const Catalog*> catalogs;
  for (const LoadedCatalog& loaded : catalogs_) {
    if (loaded.catalog.articles() != nullptr) catalogs.push_back(loaded.catalog.articles());
  }
  return CatalogSet(catalogs);
}

std::span<const std::uint8_t> Engine::analyze(const AlignedBuffer& request) {
  const auto* message = open_request<schema::AnalyzeRequest>(request);
  if (message == nullptr) return fail(bad_request());
  if (!analyzer_) return fail(no_model());
  const Analyzer::Options options = options_of(*message);
  std::optional<WindowStates> states = std::exchange(states_, std::nullopt);
  const RunsWindows runs(*analyzer_, get_pointer(states));
  response_.Clear();
  std::vector<flatbuffers::Offset<schema::Analysis>> analyses;
  for (const flatbuffers::String* text : *message->texts()) {
    const Result<Analysis> analysis = analyzer_->analyze(text->string_view(), options);
    if (!analysis) return fail(analysis.error());
    analyses.push_back(pack_analysis(response_, text->string_view(), *analysis));
  }
  if (states && !states->fit()) return fail(other_states());
  return respond(schema::CreateAnalyzeReply(response_, response_.CreateVector(analyses)));
}

std::span<const std::uint8_t> Engine::embed(const AlignedBuffer& request) {
  const auto* message = open_request<schema::EmbedRequest>(request);
  if (message == nullptr) return fail(bad_request());
  if (!analyzer_) return fail(no_model());
  std::optional<WindowStates> states = std::exchange(states_, std::nullopt);
  const RunsWindows runs(*analyzer_, get_pointer(states));
  const Result<Embeddings> embeddings = analyzer_->embed(unpack_strings(message->texts()));
  if (!embeddings) return fail(embeddings.error());
  if (states && !states->fit()) return fail(other_states());
  response_.Clear();
  return respond(
      schema::CreateEmbedReply(response_, static_cast<std::uint32_t>(embeddings->dimensions), response_.CreateVector(embeddings->vectors)));
}

std::span<const std::uint8_t> Engine::plan_analyze(const AlignedBuffer& request) {
  const auto* message = open_request<schema::AnalyzeRequest>(request);
  if (message == nullptr) return fail(bad_request());
  if (!analyzer_) return fail(no_model());
  const Analyzer::Options options = options_of(*message);
  WindowPlan plan(features());
  if (options.tier == Tier::lite || analyzer_->base_model() == nullptr) return respond_plan(plan);
  const RunsWindows runs(*analyzer_, &plan);
  for (const flatbuffers::String* text : *message->texts()) {
    if (const Result<Analysis> analysis = analyzer_->analyze(text->string_view(), options); !analysis) return fail(analysis.error());
  }
  return respond_plan(plan);
}

std::span<const std::uint8_t> Engine::plan_embed(const AlignedBuffer& request) {
  const auto* message = open_request<schema::EmbedRequest>(request);
  if (message == nullptr) return fail(bad_request());
  if (!analyzer_) return fail(no_model());
  WindowPlan plan(features());
  const RunsWindows runs(*analyzer_, &plan);
  const Result<Embeddings> embeddings = analyzer_->embed(unpack_strings(message->texts()));
  return embeddings ? respond_plan(plan) : fail(embeddings.error());
}

std::span<const std::uint8_t> Engine::respond_plan(const WindowPlan& plan) {
  response_.Clear();
  return respond(schema::CreatePlanReply(response_, response_.CreateVector(plan.sizes()), response_.CreateVector(plan.tokens())));
}

std::span<const std::uint8_t> Engine::load_states(AlignedBuffer states) {
  states_.reset();
  if (features() == 0) return fail({ErrorCode::model_missing, "Load a base model first: states are of its windows."});
  const std::span<const std::uint8_t> bytes = std::as_const(states).bytes();
  const std::size_t token_bytes = features() * sizeof(float);
  const std::span<const float> values(reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float));
  if (bytes.size() % token_bytes != 0 || !std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) {
    return fail({ErrorCode::invalid_argument, "States are finite numbers, as many a token as the base model's states have."});
  }
  const auto tokens = static_cast<std::uint32_t>(bytes.size() / token_bytes);
  states_.emplace(std::move(states), features());
  response_.Clear();
  return respond(schema::CreateStatesInfo(response_, tokens));
}

/// Numbers of a token's states; 0 without a base model.
std::size_t Engine::features() const {
  const EncoderModel* model = analyzer_ ? analyzer_->base_model() : nullptr;
  return model == nullptr ? 0 : model->features();
}

std::span<const std::uint8_t> Engine::build_catalog(const AlignedBuffer& request) {
  const auto* message = open_request<schema::BuildCatalogRequest>(request);
  if (message == nullptr) return fail(bad_request());
  Result<std::optional<Catalog>> previous = open_previous(*message);
  if (!previous) return fail(previous.error());
  BuildInput input(*message, get_pointer(*previous));
  if (message->shard()) input.options().corpus = &planner_.corpus();
  Result<BuiltCatalog> built = aftersense::build_catalog(input.products(), input.options());
  if (!built) return fail(built.error());
  if (message->shard()) strip_weights(built->file);
  response_.Clear();
  return respond(pack_built(response_, *built, input.options()));
}

std::span<const std::uint8_t> Engine::count_products(const AlignedBuffer& request) {
  const auto* message = open_request<schema::BuildCatalogRequest>(request);
  if (message == nullptr) return fail(bad_request());
  const BuildInput input(*message, nullptr);
  plan_.reset();
  if (input.products().empty()) planner_ = ShardPlanner();
  for (const ProductRecord& product : input.products()) planner_.add(product);
  response_.Clear();
  return respond(schema::CreateCatalogInfo(response_, planner_.corpus().products()));
}

std::span<const std::uint8_t> Engine::plan_shards(const AlignedBuffer& request) {
  const auto* message = open_request<schema::PlanShardsRequest>(request);
  if (message == nullptr) return fail(bad_request());
  plan_.reset();
  Result<ShardPlan> plan = planner_.plan(message->shards(), message->term_buckets());
  if (!plan) return fail(plan.error());
  plan_ = *std::move(plan);
  response_.Clear();
  return respond(schema::CreatePlanShardsReply(response_, response_.CreateVector(plan_->shards), plan_->shard_count));
}

std::span<const std::uint8_t> Engine::write_term_bucket(const AlignedBuffer& request) {
  const auto* message = open_request<schema::TermBucketRequest>(request);
  if (message == nullptr) return fail(bad_request());
  if (!plan_ || message->bucket() + 1 >= plan_->bucket_offsets.size()) {
    return fail({ErrorCode::invalid_argument, "There is no such bucket: plan the shards first."});
  }
  response_.Clear();
  return respond(
      schema::CreateTermBucketReply(response_, response_.CreateVector(aftersense::write_term_bucket(*plan_, message->bucket()))));
}

std::span<const std::uint8_t> Engine::route(const AlignedBuffer& request) {
  const auto* message = open_request<schema::RouteRequest>(request);
  if (message == nullptr) return fail(bad_request());
  if (catalogs_.empty()) return fail(no_catalog());
  const auto embed = [this](std::string_view text, std::string_view model) { return embed_text(text, model); };
  response_.Clear();
  return respond(pack_route(response_, find_route(*message, products(), embed)));
}

std::span<const std::uint8_t> Engine::list_products(const AlignedBuffer& request) {
  const auto* message = open_request<schema::ListRequest>(request);
  if (message == nullptr) return fail(bad_request());
  if (catalogs_.empty()) return fail(no_catalog());
  const CatalogSet all = products();
  const std::uint32_t begin = std::min(message->offset(), all.size());
  const std::uint32_t count = std::min(message->limit(), all.size() - begin);
  response_.Clear();
  std::vector<flatbuffers::Offset<schema::Product>> listed;
  for (std::uint32_t row = begin; row < begin + count; ++row) listed.push_back(pack_product(response_, all.product(row)));
  return respond(schema::CreateListReply(response_, response_.CreateVector(listed)));
}

std::span<const std::uint8_t> Engine::list_offers(const AlignedBuffer&) {
  if (catalogs_.empty()) return fail(no_catalog());
  response_.Clear();
  return respond(pack_offers(response_, products()));
}

std::span<const std::uint8_t> Engine::lookup(const AlignedBuffer& request) {
  const auto* message = open_request<schema::LookupRequest>(request);
  if (message == nullptr) return fail(bad_request());
  if (catalogs_.empty()) return fail(no_catalog());
  response_.Clear();
  return respond(pack_lookup(response_, products(), unpack_strings(message->ids())));
}

std::vector<float> Engine::embed_text(std::string_view text, std::string_view model) {
  const EncoderModel* base = analyzer_ ? analyzer_->base_model() : nullptr;
  if (model.empty() || base == nullptr) return {};
  if (base->pack().name()->str() + ' ' + base->pack().version()->str() != model) return {};
  Result<Embeddings> embeddings = analyzer_->embed({&text, 1});
  return embeddings ? std::move(embeddings->vectors) : std::vector<float>();
}

std::span<const std::uint8_t> Engine::recommend(const AlignedBuffer& request) {
  const auto* message = open_request<schema::RecommendRequest>(request);
  if (message == nullptr) return fail(bad_request());
  if (catalogs_.empty()) return fail(no_catalog());
  const CatalogSet of_products = products();
  const CatalogSet of_articles = articles();
  const auto embed = [this](std::string_view text, std::string_view model) { return embed_text(text, model); };
  const Result<std::vector<Recommended>> found = answer(*message, of_products, of_articles, embed);
  if (!found) return fail(found.error());
  response_.Clear();
  return respond(pack_recommendations(response_, message->articles() ? of_articles : of_products, *found));
}

}  // namespace aftersense
