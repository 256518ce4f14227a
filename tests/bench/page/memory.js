/** WebAssembly memory that an engine has taken. It never shrinks, so what it is at the end is the peak. */

const memories = new Set();

/** Sees every memory made from here on, whether JavaScript makes it or a module exports it. */
function watchMemories() {
  const { Memory, instantiate } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor) {
      super(descriptor);
      memories.add(this);
    }
  };
  WebAssembly.instantiate = async (...args) => {
    const result = await instantiate(...args);
    const { exports } = result.instance ?? result;
    for (const value of Object.values(exports)) if (value instanceof Memory) memories.add(value);
    return result;
  };
}

const bytesTaken = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);

/** After the whole of base: vectors and analyses of `texts`. */
export async function measureOurs({ texts, variant }) {
  watchMemories();
  const { createAftersense } = await import('aftersense');
  const desk = await createAftersense({ model: 'base', worker: false, variant });
  const loaded = bytesTaken();
  for (const text of texts) await desk.embed(text);
  for (const text of texts) await desk.analyze(text, { explain: true });
  return { loaded, peak: bytesTaken() };
}

/** `rows` windows of `length` tokens at once. */
export async function measureOrt({ form, length, rows }) {
  watchMemories();
  const { createSession, toFeeds } = await import('./ort.js');
  const session = await createSession(`/onnx/aftersense-base.${form}.onnx`);
  const loaded = bytesTaken();
  await session.run(toFeeds(new Array(length).fill(7), rows));
  return { loaded, peak: bytesTaken() };
}
