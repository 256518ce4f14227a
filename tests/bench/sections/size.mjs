import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { root } from '../../../tools/step.mjs';
import { toRow } from '../statistics.mjs';

export const title = 'bytes downloaded, by part';

const ortFolder = 'node_modules/onnxruntime-web/dist';
const parts = {
  wasm: ['dist/aftersense-relaxed.wasm'],
  module: ['dist/index.js', 'dist/worker.js'],
  lite: ['models/lite/aftersense-lite.aspack'],
  base: ['models/base/aftersense-base.aspack'],
};
const peers = {
  wasm: [`${ortFolder}/ort-wasm-simd-threaded.wasm`],
  module: [`${ortFolder}/ort.wasm.min.mjs`, `${ortFolder}/ort-wasm-simd-threaded.mjs`],
  base: ['build/onnx/aftersense-base.dynamic.onnx'],
};
/** Brotli's last steps take minutes on large files, for one per cent. */
const largeBytes = 2_000_000;

const coders = {
  raw: (bytes) => bytes.length,
  gzip: (bytes) => gzipSync(bytes, { level: 9 }).length,
  brotli: (bytes) => {
    const quality = bytes.length > largeBytes ? 5 : constants.BROTLI_MAX_QUALITY;
    return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }).length;
  },
};

/** Bytes of files, each as `coder` sends it. */
const weigh = (files, coder) => files?.reduce((sum, file) => sum + coders[coder](readFileSync(path.join(root, file))), 0);

export async function run({ ort }) {
  const rows = [];
  for (const coder of Object.keys(coders)) {
    const ours = Object.fromEntries(Object.entries(parts).map(([part, files]) => [part, weigh(files, coder)]));
    const theirs = Object.fromEntries(Object.entries(peers).map(([part, files]) => [part, weigh(files, coder)]));
    for (const part of Object.keys(parts))
      rows.push(
        toRow({ name: `size.${part}.${coder}`, unit: 'bytes', ours: ours[part], peer: theirs[part], peerName: theirs[part] && ort }),
      );
    const runtime = { ours: ours.wasm + ours.module, peer: theirs.wasm + theirs.module, peerName: ort };
    const bar = coder === 'brotli' ? { ours: 300_000 } : undefined;
    rows.push(toRow({ name: `size.runtime.${coder}`, unit: 'bytes', ...runtime, bar, note: 'wasm and module' }));
  }
  return rows;
}
