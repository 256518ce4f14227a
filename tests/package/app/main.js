import { createAftersense } from 'aftersense';

const query = new URLSearchParams(location.search);
const worker = query.get('worker') !== 'false';
const desk = await createAftersense({ worker, variant: query.get('variant') ?? 'auto', model: query.get('model') ?? 'lite' });
const { sentiment, tier } = await desk.analyze('物流太慢，盒子都破了');
document.querySelector('#verdict').textContent = `${sentiment.label} ${desk.info.variant} ${desk.info.worker} ${tier}`;
