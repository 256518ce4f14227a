// The parts of models/data, as training splits them: by a hash of the cleaned text (models/prepare.py).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root, StepError } from './step.mjs';

/** Texts of the folds below this one are dev, and train nothing (models/prepare.py, `written_dev_folds`). */
export const heldOutFolds = 10;
/** Of questions that no answer fits, those of odd folds taught the embedding to keep away from answers (models/base/fit_embedding.py). */
export const taughtRefusal = (fold) => fold >= heldOutFolds && fold % 2 === 1;
/** The questions of models/data. */
export const questionFiles = ['questions', 'questions_zh_b', 'questions_en_b', 'questions_zh_c', 'questions_en_c'];
const cleaner = path.join(root, 'build/native-release/bin/aftersense_clean');

/** The fold of each text, 0 to 99. */
export function foldsOf(texts) {
  if (!existsSync(cleaner)) {
    const how = 'Run: cmake --preset native-release && cmake --build --preset native-release --target aftersense_clean';
    throw new StepError('Splitting as training does', `${cleaner} is missing.`, how);
  }
  const input = texts.map((text) => `${text.replace(/[\r\n\t]/g, ' ')}\n`).join('');
  const cleaned = execFileSync(cleaner, { input, encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n');
  return texts.map((_, i) => createHash('sha1').update(cleaned[i]).digest().readUInt32BE(0) % 100);
}
