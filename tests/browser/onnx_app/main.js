import { createAftersense } from '../../../dist/index.js';

// The onnx.test.ts beside this folder serves these.
const assets = { onnx: '/base.onnx', ort: '/ort.wasm' };
const classifier = { onnx: '/classifier.onnx', tokenizer: '/tokenizer.json', labels: ['negative', 'neutral', 'positive'] };

const state = document.querySelector('#state');
try {
  globalThis.desks = {
    base: await createAftersense({ engine: 'onnx', model: 'base', assets }),
    own: await createAftersense({ model: classifier, assets }),
  };
  state.textContent = 'ready';
} catch (error) {
  state.textContent = `${error.code} ${error.message}`;
}
