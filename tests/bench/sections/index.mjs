// The sections in the order in which they run. Each exports `title`, `run(context)` → rows, and may export `plot(rows)` → a chart.
import * as encoder from './encoder.mjs';
import * as gemm from './gemm.mjs';
import * as load from './load.mjs';
import * as memory from './memory.mjs';
import * as reviews from './reviews.mjs';
import * as search from './search.mjs';
import * as size from './size.mjs';
import * as start from './start.mjs';
import * as tokens from './tokens.mjs';
import * as whole from './whole.mjs';

export const sections = { encoder, gemm, tokens, whole, reviews, load, start, memory, search, size };
