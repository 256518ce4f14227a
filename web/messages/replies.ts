/** Replies out of their FlatBuffers, as the public types. */
import { ByteBuffer } from 'flatbuffers';
import { AftersenseError, errorFrom } from '../errors.ts';
import type { Bytes } from '../protocol.ts';
import type * as recommend from '../recommend/desk.ts';
import type * as api from '../types.ts';
import * as fb from './generated.ts';

/** Fields that the schema calls required, and items below a vector's length, are there: the core wrote the reply. */
export function present<T>(value: T | null): T {
  if (value === null) throw new AftersenseError('internal', 'A reply of the core lacks a required field.');
  return value;
}

/** The items of a vector, which FlatBuffers gives by length and index. */
const list = <T>(length: number, at: (index: number) => T): T[] => Array.from({ length }, (_, i) => at(i));

/** The reply of the expected type. A failure of the core is thrown as its error. */
export function open<T>(bytes: Bytes, type: fb.Reply, into: T & { __init(at: number, buffer: ByteBuffer): T }): T {
  const response = fb.Response.getRootAsResponse(new ByteBuffer(bytes));
  const failure = response.failure();
  if (failure) throw errorFrom({ code: present(failure.code()), message: present(failure.message()) });
  if (response.replyType() !== type)
    throw new AftersenseError('internal', `The core replied with ${fb.Reply[response.replyType()]}, not ${fb.Reply[type]}.`);
  return present(response.reply(into) as T | null);
}

const labels = ['negative', 'neutral', 'positive'] as const;

function sentiment(scores: fb.SentimentScores): api.Sentiment {
  const values = { negative: scores.negative(), neutral: scores.neutral(), positive: scores.positive() };
  // Equal scores say nothing either way: neutral wins ties.
  const label = labels.reduce<api.SentimentLabel>((best, next) => (values[next] > values[best] ? next : best), 'neutral');
  return { label, scores: values, confidence: scores.confidence() };
}

const span = (range: fb.Span) => ({ start: range.start(), end: range.end() });

const languages: Readonly<Record<fb.Language, api.Language>> = {
  [fb.Language.zh]: 'zh',
  [fb.Language.en]: 'en',
  [fb.Language.other]: 'other',
};

function scored(item: fb.ScoredSpan | null): api.Evidence {
  const given = present(item);
  return { ...span(present(given.span())), score: given.score() };
}

function keyword(item: fb.ScoredSpan | null, text: string): api.Keyword {
  const word = scored(item);
  return { text: text.slice(word.start, word.end), ...word };
}

function sentence(item: fb.SentenceVerdict | null): api.Sentence {
  const given = present(item);
  return { ...span(present(given.span())), sentiment: sentiment(present(given.sentiment())) };
}

const entityKinds: Readonly<Record<fb.EntityKind, api.EntityKind>> = {
  [fb.EntityKind.phone]: 'phone',
  [fb.EntityKind.email]: 'email',
  [fb.EntityKind.order_id]: 'order_id',
  [fb.EntityKind.bank_card]: 'bank_card',
  [fb.EntityKind.id_number]: 'id_number',
  [fb.EntityKind.address]: 'address',
  [fb.EntityKind.name]: 'name',
  [fb.EntityKind.product]: 'product',
  [fb.EntityKind.amount]: 'amount',
  [fb.EntityKind.date]: 'date',
  [fb.EntityKind.url]: 'url',
};

function entity(item: fb.EntitySpan | null): api.Entity {
  const given = present(item);
  return { kind: entityKinds[given.kind()], ...span(present(given.span())) };
}

const tiers: Readonly<Record<fb.Tier, api.Tier>> = { [fb.Tier.lite]: 'lite', [fb.Tier.base]: 'base' };

/** A label of the pack as the id that it is: the core takes a pack with the heads of this version only. */
function label<Id extends string>(item: fb.ScoredLabel): Id {
  return present(item.label()) as Id;
}

function emotion(item: fb.ScoredLabel | null): api.EmotionScore {
  const given = present(item);
  return { emotion: label(given), score: given.score() };
}

function opinion(item: fb.AspectOpinion | null): api.AspectOpinion {
  const given = present(item);
  return {
    aspect: present(given.aspect()) as api.Aspect,
    polarity: present(labels[given.polarity()] ?? null),
    score: given.score(),
    evidence: list(given.evidenceLength(), (i) => span(present(given.evidence(i)))),
  };
}

/** What the tier that judged reads beside the sentiment. */
function understanding(reply: fb.Understanding) {
  const intent = present(reply.intent());
  const detail = reply.intentDetail();
  return {
    emotions: list(reply.emotionsLength(), (i) => emotion(reply.emotions(i))),
    aspects: list(reply.aspectsLength(), (i) => opinion(reply.aspects(i))),
    intent: { label: label<api.Intent>(intent), score: intent.score(), ...(detail ? { detail: label(detail) } : {}) },
    escalate: reply.escalate(),
  };
}

const urgencyKinds: Readonly<Record<fb.UrgencyKind, api.UrgencyKind>> = {
  [fb.UrgencyKind.safety]: 'safety',
  [fb.UrgencyKind.money]: 'money',
  [fb.UrgencyKind.deadline]: 'deadline',
  [fb.UrgencyKind.repeated_contact]: 'repeated_contact',
  [fb.UrgencyKind.legal]: 'legal',
};

function urgencyReason(item: fb.UrgencyReason | null): api.UrgencyReason {
  const given = present(item);
  return { kind: urgencyKinds[given.kind()], ...span(present(given.span())) };
}

function urgency(reply: fb.Urgency): api.UrgencyReading {
  return {
    level: present(reply.level()) as api.UrgencyLevel,
    score: reply.score(),
    reasons: list(reply.reasonsLength(), (i) => urgencyReason(reply.reasons(i))),
  };
}

function explanation(item: fb.Explanation | null): api.Explanation {
  const given = present(item);
  return {
    verdict: present(given.verdict()) as api.Explanation['verdict'],
    label: present(given.label()),
    method: 'occlusion',
    words: list(given.wordsLength(), (i) => scored(given.words(i))),
  };
}

/** Lite's evidence, and the words behind each verdict of the tier that judged. */
function explained(reply: fb.Analysis, { label }: api.Sentiment) {
  const evidence = list(reply.evidenceLength(), (i) => scored(reply.evidence(i)));
  const byBase = list(reply.explanationsLength(), (i) => explanation(reply.explanations(i)));
  const exact: api.Explanation = { verdict: 'sentiment', label, method: 'exact', words: evidence };
  return { evidence, explanations: byBase.length > 0 || evidence.length === 0 ? byBase : [exact] };
}

function analysis(reply: fb.Analysis, text: string, explain: boolean, baseEngine: api.Engine): api.Analysis {
  const tier = tiers[reply.tier()];
  const understood = reply.understanding();
  const judged = sentiment(present(reply.sentiment()));
  const pressing = reply.urgency();
  return {
    language: languages[reply.language()],
    sentiment: judged,
    keywords: list(reply.keywordsLength(), (i) => keyword(reply.keywords(i), text)),
    sentences: list(reply.sentencesLength(), (i) => sentence(reply.sentences(i))),
    ...(explain ? explained(reply, judged) : {}),
    entities: list(reply.entitiesLength(), (i) => entity(reply.entities(i))),
    truncated: reply.truncated(),
    abstained: reply.abstained(),
    fingerprint: reply.fingerprint().toString(16).padStart(16, '0'),
    tier,
    engine: tier === 'base' ? baseEngine : 'native',
    ...(understood ? understanding(understood) : {}),
    ...(pressing ? { urgency: urgency(pressing) } : {}),
  };
}

export function analyses(bytes: Bytes, texts: readonly string[], explain: boolean, baseEngine: api.Engine = 'native'): api.Analysis[] {
  const reply = open(bytes, fb.Reply.AnalyzeReply, new fb.AnalyzeReply());
  if (reply.analysesLength() !== texts.length)
    throw new AftersenseError('internal', `The core judged ${reply.analysesLength()} texts of ${texts.length}.`);
  return texts.map((text, i) => analysis(present(reply.analyses(i)), text, explain, baseEngine));
}

/** A vector a text, each owning its memory. */
export function embeddings(bytes: Bytes, count: number): Float32Array<ArrayBuffer>[] {
  const reply = open(bytes, fb.Reply.EmbedReply, new fb.EmbedReply());
  const dimensions = reply.dimensions();
  const vectors = present(reply.vectorsArray());
  if (vectors.length !== count * dimensions)
    throw new AftersenseError('internal', `The core returned ${vectors.length} numbers for ${count} vectors of ${dimensions}.`);
  return list(count, (i) => new Float32Array(vectors.subarray(i * dimensions, (i + 1) * dimensions)));
}

/** The windows of a plan, each with its begin and end. */
export function windows(bytes: Bytes): Int32Array[] {
  const reply = open(bytes, fb.Reply.PlanReply, new fb.PlanReply());
  const tokens = present(reply.tokensArray());
  let end = 0;
  return list(reply.windowSizesLength(), (i) => {
    const begin = end;
    end += present(reply.windowSizes(i));
    return tokens.slice(begin, end);
  });
}

/** How many tokens the states that were loaded are of. */
export const loadedStates = (bytes: Bytes): number => open(bytes, fb.Reply.StatesInfo, new fb.StatesInfo()).tokens();

/** What was loaded, where it is of the tier that was wanted. */
export function modelInfo(bytes: Bytes, wanted: api.Tier): api.ModelInfo {
  const reply = open(bytes, fb.Reply.ModelInfo, new fb.ModelInfo());
  const tier = present(reply.tier());
  if (tier !== wanted)
    throw new AftersenseError('pack_wrong_type', `The file given as the ${wanted} model is one of tier "${tier}". Check assets.${wanted}.`);
  return { name: present(reply.name()), version: present(reply.version()), tier: wanted, bytes: reply.bytes() };
}

function skippedProduct(item: fb.SkippedProduct | null): api.CatalogInfo['skipped'][number] {
  const given = present(item);
  return { id: present(given.id()), reason: present(given.reason()) as 'no_text' };
}

function readCatalogInfo(reply: fb.CatalogInfo): api.CatalogInfo {
  return {
    products: reply.products(),
    terms: reply.terms(),
    bytes: reply.bytes(),
    dimensions: reply.dimensions(),
    articles: reply.articles(),
    offers: reply.offers(),
    orders: reply.orders(),
    skipped: list(reply.skippedLength(), (i) => skippedProduct(reply.skipped(i))),
    skippedArticles: list(reply.skippedArticlesLength(), (i) => skippedProduct(reply.skippedArticles(i))),
    unknownProducts: 0,
    reusedVectors: reply.reusedVectors(),
  };
}

export const catalogInfo = (bytes: Bytes): api.CatalogInfo => readCatalogInfo(open(bytes, fb.Reply.CatalogInfo, new fb.CatalogInfo()));

/** A built file, and the places of products and articles that vectors are missing for: it then has none. */
export interface BuiltFile {
  readonly bytes: Bytes;
  readonly info: api.CatalogInfo;
  readonly missing: readonly number[];
  readonly missingArticles: readonly number[];
}

export function builtCatalog(bytes: Bytes): BuiltFile {
  const reply = open(bytes, fb.Reply.BuildCatalogReply, new fb.BuildCatalogReply());
  // A copy that owns its memory: the file lies inside the reply.
  const file = new Uint8Array(present(reply.fileArray()));
  const missing = [...(reply.missingVectorsArray() ?? [])];
  const missingArticles = [...(reply.missingArticleVectorsArray() ?? [])];
  return { bytes: file, info: readCatalogInfo(present(reply.info())), missing, missingArticles };
}

/** A number that may be missing, which is NaN in the schema. */
const optional = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);

const availabilities: Readonly<Record<fb.Availability, api.Availability>> = {
  [fb.Availability.in_stock]: 'in_stock',
  [fb.Availability.out_of_stock]: 'out_of_stock',
  [fb.Availability.preorder]: 'preorder',
  [fb.Availability.backorder]: 'backorder',
};

const roles: Readonly<Record<fb.Role, api.ProductRole>> = {
  [fb.Role.product]: 'product',
  [fb.Role.spare_part]: 'spare_part',
  [fb.Role.accessory]: 'accessory',
};

function product(item: fb.Product | null): api.Product {
  const given = present(item);
  return {
    id: present(given.id()),
    title: given.title() ?? '',
    description: given.description() ?? '',
    category: given.category() ?? '',
    brand: given.brand() ?? '',
    tags: list(given.tagsLength(), (i) => given.tags(i)),
    price: optional(given.price()),
    currency: given.currency() ?? '',
    image: given.image() ?? '',
    url: given.url() ?? '',
    availability: availabilities[given.availability()],
    salePrice: optional(given.salePrice()),
    group: given.group() ?? '',
    seller: given.seller() ?? '',
    role: roles[given.role()],
    fits: list(given.fitsLength(), (i) => given.fits(i)),
    lastsDays: optional(given.lastsDays()),
    language: given.language() ?? '',
  };
}

export function products(bytes: Bytes): api.Product[] {
  const reply = open(bytes, fb.Reply.ListReply, new fb.ListReply());
  return list(reply.productsLength(), (i) => product(reply.products(i)));
}

const reasonKinds: Readonly<Record<fb.ReasonKind, recommend.Found['contributions'][number]['kind']>> = {
  [fb.ReasonKind.shared_terms]: 'shared_terms',
  [fb.ReasonKind.similar_meaning]: 'similar_meaning',
  [fb.ReasonKind.popularity]: 'popularity',
  [fb.ReasonKind.neighbours]: 'neighbours',
  [fb.ReasonKind.rules]: 'rules',
  [fb.ReasonKind.factors]: 'factors',
  [fb.ReasonKind.themes]: 'themes',
  [fb.ReasonKind.fits]: 'fits',
};

function contribution(item: fb.Contribution | null): recommend.Found['contributions'][number] {
  const given = present(item);
  const because = list(given.becauseLength(), (i) => given.because(i));
  return { kind: reasonKinds[given.kind()], score: given.score(), measure: given.measure(), because };
}

function sharedTerm(item: fb.TermReason | null): recommend.Found['terms'][number] {
  const given = present(item);
  return { term: present(given.term()), score: given.score() };
}

function recommendation(item: fb.Recommendation | null): recommend.Found {
  const given = present(item);
  const expectedRating = optional(given.expectedRating());
  return {
    product: product(given.product()),
    score: given.score(),
    terms: list(given.termsLength(), (i) => sharedTerm(given.terms(i))),
    contributions: list(given.contributionsLength(), (i) => contribution(given.contributions(i))),
    ...(expectedRating === undefined ? {} : { expectedRating }),
  };
}

export function recommendations(bytes: Bytes): recommend.Found[] {
  const reply = open(bytes, fb.Reply.RecommendReply, new fb.RecommendReply());
  return list(reply.recommendationsLength(), (i) => recommendation(reply.recommendations(i)));
}

function known(item: fb.Known | null): recommend.Known {
  const given = present(item);
  const sold = given.product();
  const repeatDays = optional(given.repeatDays());
  return { ...(sold ? { product: product(sold) } : {}), ...(repeatDays === undefined ? {} : { repeatDays }) };
}

/** One for each id that was asked for, in their order. */
export function lookup(bytes: Bytes): recommend.Known[] {
  const reply = open(bytes, fb.Reply.LookupReply, new fb.LookupReply());
  return list(reply.knownLength(), (i) => known(reply.known(i)));
}

const offerKinds: Readonly<Record<fb.OfferKind, api.OfferKind>> = {
  [fb.OfferKind.percent]: 'percent',
  [fb.OfferKind.amount]: 'amount',
  [fb.OfferKind.free_shipping]: 'free_shipping',
  [fb.OfferKind.gift]: 'gift',
};

/** 0 is none. */
const instant = (time: bigint): number | undefined => (time === 0n ? undefined : Number(time));

function offer(item: fb.Offer | null): api.Offer {
  const given = present(item);
  return {
    id: present(given.id()),
    kind: offerKinds[given.kind()],
    value: optional(given.value()),
    title: given.title() ?? '',
    description: given.description() ?? '',
    code: given.code() ?? '',
    currency: given.currency() ?? '',
    leastSpend: optional(given.leastSpend()),
    starts: instant(given.starts()),
    ends: instant(given.ends()),
    products: list(given.productsLength(), (i) => given.products(i)),
    categories: list(given.categoriesLength(), (i) => given.categories(i)),
    brands: list(given.brandsLength(), (i) => given.brands(i)),
    image: given.image() ?? '',
    url: given.url() ?? '',
  };
}

export function offers(bytes: Bytes): api.Offer[] {
  const reply = open(bytes, fb.Reply.OffersReply, new fb.OffersReply());
  return list(reply.offersLength(), (i) => offer(reply.offers(i)));
}
