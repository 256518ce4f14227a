import { toRow } from '../statistics.mjs';

export const title = 'creating a session: files at hand to an engine that answers';

export async function run({ browser, calls, ort }) {
  const times = { unpacked: [], packed: [], peer: [] };
  for (let i = 0; i < Math.ceil(calls / 3); i++) {
    times.unpacked.push(await browser.run('load', 'measureOurs', { unpacked: true }));
    times.peer.push(await browser.run('load', 'measureOrt', { form: 'dynamic' }));
    times.packed.push(await browser.run('load', 'measureOurs', { unpacked: false }));
  }
  const row = (name, which, moment, more) => {
    const [ours, peer] = [times[which], times.peer].map((visits) => visits.map((visit) => visit[moment]));
    return toRow({ name: `load.${name}`, unit: 'ms', ours, peer, peerName: ort, ...more });
  };
  return [
    row('ready', 'unpacked', 'ready', { bar: { ratio: 5 }, note: 'both from unpacked models; ours loads lite too' }),
    row('answer', 'unpacked', 'answered'),
    row('ready.gzip', 'packed', 'ready', { note: 'ours as shipped, compressed; the peer without' }),
  ];
}
