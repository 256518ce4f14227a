import { quantile, toRow } from '../statistics.mjs';

export const title = 'from the navigation to the first answers; files from this machine, so without the time of a network';

/** Two tiers, one cache: what a first visit and a second one wait for. */
export async function run({ browser, calls, texts }) {
  const times = { cold: [], warm: [] };
  const visits = Math.ceil(calls / 3);
  for (let i = 0; i < visits; i++) {
    const profile = await browser.openProfile();
    for (const cache of ['cold', 'warm']) times[cache].push(await profile.run('start', 'measureStart', { text: texts[0] }));
    await profile.close();
  }
  return ['cold', 'warm'].flatMap((cache) => {
    const received = quantile(
      times[cache].map((visit) => visit.received),
      0.5,
    );
    const note = `${(received / 1e6).toFixed(1)} MB from the server`;
    return ['lite', 'base'].map((tier) =>
      toRow({ name: `start.${tier}.${cache}`, unit: 'ms', ours: times[cache].map((visit) => visit[tier]), note }),
    );
  });
}
