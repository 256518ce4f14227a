#include "bindings/engine.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "bindings/replies.h"
#include "tasks/recommend.h"

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

std::uint32_t dimensions_of(const Catalog& catalog) {
  return catalog.neighbours() == nullptr ? 0 : static_cast<std::uint32_t>(catalog.neighbours()->dimensions());
}

ProductVectors unpack_vectors(const schema::BuildCatalogRequest& message) {
  if (message.vectors() == nullptr) return {};
  return {.model = message.vector_model() == nullptr ? std::string_view{} : message.vector_model()->string_view(),
          .dimensions = message.dimensions(),
          .values = {message.vectors()->data(), message.vectors()->size()}};
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

std::span<const std::uint8_t> Engine::load_catalog(AlignedBuffer file) {
  Result<Catalog> catalog = Catalog::load(std::as_const(file).bytes());
  if (!catalog) return fail(catalog.error());
  catalog_.emplace(LoadedCatalog{std::move(file), *std::move(catalog)});
  response_.Clear();
  return respond(schema::CreateCatalogInfo(response_, catalog_->catalog.size(), catalog_->catalog.term_count(),
                                           static_cast<std::uint32_t>(std::as_const(catalog_->file).bytes().size()), 0,
                                           dimensions_of(catalog_->catalog)));
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
  WindowPlan plan(hidden());
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
  WindowPlan plan(hidden());
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
  if (hidden() == 0) return fail({ErrorCode::model_missing, "Load a base model first: states are of its windows."});
  const std::span<const std::uint8_t> bytes = std::as_const(states).bytes();
  const std::size_t token_bytes = hidden() * sizeof(float);
  const std::span<const float> values(reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float));
  if (bytes.size() % token_bytes != 0 || !std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) {
    return fail({ErrorCode::invalid_argument, "States are finite numbers, as many a token as the base model's states have."});
  }
  const auto tokens = static_cast<std::uint32_t>(bytes.size() / token_bytes);
  states_.emplace(std::move(states), hidden());
  response_.Clear();
  return respond(schema::CreateStatesInfo(response_, tokens));
}

/// Numbers of a state; 0 without a base model.
std::size_t Engine::hidden() const {
  const EncoderModel* model = analyzer_ ? analyzer_->base_model() : nullptr;
  return model == nullptr ? 0 : model->pack().encoder()->hidden();
}

std::span<const std::uint8_t> Engine::build_catalog(const AlignedBuffer& request) {
  const auto* message = open_request<schema::BuildCatalogRequest>(request);
  if (message == nullptr) return fail(bad_request());
  std::vector<ProductRecord> products;
  for (const schema::Product* product : *message->products()) products.push_back(unpack_product(*product));
  const Result<BuiltCatalog> built = aftersense::build_catalog(products, unpack_vectors(*message));
  if (!built) return fail(built.error());
  response_.Clear();
  std::vector<flatbuffers::Offset<schema::SkippedProduct>> skipped;
  for (const std::string& id : built->skipped_ids) {
    skipped.push_back(schema::CreateSkippedProduct(response_, response_.CreateString(id), response_.CreateString("no_text")));
  }
  const auto info =
      schema::CreateCatalogInfo(response_, static_cast<std::uint32_t>(products.size() - skipped.size()), built->terms,
                                static_cast<std::uint32_t>(built->file.size()), response_.CreateVector(skipped), built->dimensions);
  return respond(schema::CreateBuildCatalogReply(response_, response_.CreateVector(built->file), info));
}

std::span<const std::uint8_t> Engine::list_products(const AlignedBuffer& request) {
  const auto* message = open_request<schema::ListRequest>(request);
  if (message == nullptr) return fail(bad_request());
  if (!catalog_) return fail(no_catalog());
  const std::uint32_t size = catalog_->catalog.size();
  const std::uint32_t begin = std::min(message->offset(), size);
  const std::uint32_t count = std::min(message->limit(), size - begin);
  response_.Clear();
  std::vector<flatbuffers::Offset<schema::Product>> products;
  for (std::uint32_t i = begin; i < begin + count; ++i) products.push_back(pack_product(response_, catalog_->catalog.product(i)));
  return respond(schema::CreateListReply(response_, response_.CreateVector(products)));
}

/// The meaning of a query as the catalogue's vectors have it; empty without vectors, or without the base model that made them.
std::vector<float> Engine::embed_query(std::string_view query) {
  const std::string_view wanted = catalog_->catalog.embedding_model();
  const EncoderModel* base = analyzer_ ? analyzer_->base_model() : nullptr;
  if (wanted.empty() || base == nullptr) return {};
  if (base->pack().name()->str() + ' ' + base->pack().version()->str() != wanted) return {};
  Result<Embeddings> embeddings = analyzer_->embed({&query, 1});
  return embeddings ? std::move(embeddings->vectors) : std::vector<float>();
}

std::span<const std::uint8_t> Engine::recommend(const AlignedBuffer& request) {
  const auto* message = open_request<schema::RecommendRequest>(request);
  if (message == nullptr) return fail(bad_request());
  if (!catalog_) return fail(no_catalog());
  if ((message->product_ids() == nullptr) == (message->query() == nullptr)) {
    return fail({ErrorCode::invalid_argument, "Ask by product ids or by a query, one of them."});
  }
  const std::vector<std::string_view> exclude = unpack_strings(message->exclude());
  const std::vector<std::string_view> categories = unpack_strings(message->categories());
  const std::vector<std::string_view> brands = unpack_strings(message->brands());
  const std::vector<float> meaning = message->query() == nullptr ? std::vector<float>() : embed_query(message->query()->string_view());
  const RecommendOptions options{.k = message->k(),
                                 .exclude = exclude,
                                 .filter = {message->least_price(), message->greatest_price(), categories, brands},
                                 .meaning = meaning};
  const Catalog& catalog = catalog_->catalog;
  const Result<std::vector<Recommended>> found = message->query() != nullptr
                                                     ? recommend_for_query(catalog, message->query()->string_view(), options)
                                                     : recommend_like(catalog, unpack_strings(message->product_ids()), options);
  if (!found) return fail(found.error());
  response_.Clear();
  std::vector<flatbuffers::Offset<schema::Recommendation>> recommendations;
  for (const Recommended& recommended : *found) recommendations.push_back(pack_recommendation(response_, catalog, recommended));
  return respond(schema::CreateRecommendReply(response_, response_.CreateVector(recommendations)));
}

}  // namespace aftersense
