/** Embeddings as an answers file keeps them: the first numbers of each, as signed bytes. Their scale does not matter to a cosine. */

/** Of the embedding's 384 numbers, its leading ones; in retrieval trials the rest added nothing measurable. */
export const dimensions = 128;

export function quantise(vectors: readonly Float32Array[]): Int8Array {
  const bytes = new Int8Array(vectors.length * dimensions);
  for (const [row, vector] of vectors.entries()) {
    const part = vector.subarray(0, dimensions);
    const largest = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest > 0)
      bytes.set(
        Array.from(part, (value) => Math.round((value * 127) / largest)),
        row * dimensions,
      );
  }
  return bytes;
}

/** Rows of a file, ready to be compared with. */
export class VectorTable {
  readonly #bytes: Int8Array;
  readonly #norms: Float32Array;

  constructor(bytes: Int8Array) {
    this.#bytes = bytes;
    this.#norms = Float32Array.from({ length: bytes.length / dimensions }, (_, row) => {
      const part = bytes.subarray(row * dimensions, (row + 1) * dimensions);
      return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0));
    });
  }

  /** The cosine of a text's embedding to each row; 0 to a row of zeros. */
  cosines(embedding: Float32Array): Float32Array {
    const query = embedding.subarray(0, dimensions);
    const length = Math.sqrt(query.reduce((sum, value) => sum + value * value, 0));
    return this.#norms.map((norm, row) => {
      if (norm * length === 0) return 0;
      let sum = 0;
      for (let i = 0; i < dimensions; i++) sum += (query[i] as number) * (this.#bytes[row * dimensions + i] as number);
      return sum / (norm * length);
    });
  }
}

export function toBase64(bytes: Int8Array): string {
  const parts: string[] = [];
  const unsigned = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let start = 0; start < unsigned.length; start += 8192) parts.push(String.fromCharCode(...unsigned.subarray(start, start + 8192)));
  return btoa(parts.join(''));
}

/** Throws where it is no base64. */
export const fromBase64 = (text: string): Int8Array => Int8Array.from(atob(text), (character) => character.charCodeAt(0));
