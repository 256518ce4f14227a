/** Transformers.js on one thread, as a page uses it, with its model and runtime from the bench's own server. */
import { AutoModel, AutoTokenizer, env } from 'transformers';

env.allowRemoteModels = false;
env.allowLocalModels = true;
env.localModelPath = '/models/';
env.backends.onnx.wasm.numThreads = 1;
env.backends.onnx.wasm.proxy = false;
env.backends.onnx.wasm.wasmPaths = '/peers/onnxruntime-web/dist/';

export const createTokenizer = () => AutoTokenizer.from_pretrained('base');
export const createModel = () => AutoModel.from_pretrained('base', { dtype: 'fp32', device: 'wasm' });
