/**
 * Judges a text while it is being typed: waits for a pause, and a newer text supersedes an older one. A text that lite has judged
 * gets a second verdict when base has come.
 */
import type { Analysis } from 'aftersense';
import { analyze } from '../app/desk.ts';

const pauseMs = 150;

export interface Judge {
  /** Judge `text` after a pause in typing. */
  later(text: string): void;
  /** Judge `text` at once; undefined when superseded. Rejects when it cannot be judged. */
  now(text: string): Promise<Analysis | undefined>;
}

export function createJudge(onVerdict: (text: string, analysis: Analysis) => void, onFailure: () => void, viewSignal: AbortSignal): Judge {
  let running = new AbortController();
  let timer = 0;
  viewSignal.addEventListener('abort', () => {
    clearTimeout(timer);
    running.abort();
  });

  async function now(text: string): Promise<Analysis | undefined> {
    clearTimeout(timer);
    running.abort();
    running = new AbortController();
    const { signal } = running;
    try {
      const analysis = await analyze(text, signal, (better) => onVerdict(text, better));
      if (signal.aborted) return undefined;
      onVerdict(text, analysis);
      return analysis;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  function later(text: string): void {
    clearTimeout(timer);
    timer = window.setTimeout(() => now(text).catch(onFailure), pauseMs);
  }

  return { later, now };
}
