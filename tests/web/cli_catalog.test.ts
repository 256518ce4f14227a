/** `aftersense catalog build`, `vectors` and `neighbours`, as processes of their own. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aftersense, createAftersense } from '../../dist/index.js';
import { runProcess } from './process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = path.join(root, 'bin/aftersense.mjs');
const python = path.join(root, '.deps/venv/bin/python');
const folder = mkdtempSync(path.join(tmpdir(), 'aftersense-catalog-'));
let desk: Aftersense;
beforeAll(async () => {
  desk = await createAftersense({ worker: false, model: 'lite' });
});
afterAll(() => {
  desk.dispose();
  rmSync(folder, { recursive: true });
});

const at = (name: string) => path.join(folder, name);
function write(name: string, content: string | Uint8Array): string {
  writeFileSync(at(name), content);
  return at(name);
}
const bytesOf = (name: string) => new Uint8Array(readFileSync(at(name)));
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const run = (args: readonly string[], input = '') => runProcess(process.execPath, [bin, 'catalog', ...args], { cwd: root }, input);
const build = (args: readonly string[]) => run(['build', ...args]);
const lite = ['--model', 'lite'];

/** The products of a catalogue, as a device has them. */
async function productsOf(name: string) {
  await desk.catalog.load(bytesOf(name));
  return desk.catalog.list();
}

const csv = 'id,title,tags,price,currency\n1,Green tea,tea|hot,9.5,CNY\n2,,,3,CNY\n3,Black tea,tea,,\n';
const feed = (items: string) =>
  `<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>\n${items}\n</channel></rss>`;

describe('aftersense catalog build', () => {
  test('writes a catalogue, names what has no text, and inspect reads it', async () => {
    const built = await build([write('shop.csv', csv), '-o', at('shop.ascat')]);
    expect(built).toMatchObject({ code: 1, out: '' });
    expect(built.err).toMatch(/^shop\.csv: line 3, 2: it has no text$/m);
    expect(built.err).toMatch(/^left out: 1 × no text$/m);
    expect(built.err).toMatch(/2 products, \d+ terms, vectors of 128 dimensions/);
    const { code, out } = await runProcess(process.execPath, [bin, 'inspect', at('shop.ascat'), '--json'], { cwd: root });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'catalogue',
      products: 2,
      bytes: bytesOf('shop.ascat').length,
      currencies: ['CNY'],
      withoutPrice: 1,
      vectors: 128,
      vectorModel: expect.stringMatching(/^aftersense-base \d/),
    });
  });

  test('with --model lite has no vectors', async () => {
    const built = await build([write('plain.jsonl', '{"id":1,"title":"Tea"}\n'), '-o', at('plain.ascat'), ...lite]);
    expect(built.code, built.err).toBe(0);
    expect(built.err).toMatch(/1 products, \d+ terms, no vectors/);
  });

  test('reads a Google Merchant feed, packed, as it reads the same products in TSV', async () => {
    const items =
      '<item><g:id>a</g:id><g:title>Kettle</g:title><g:description>&lt;p&gt;Steel&lt;/p&gt;</g:description><g:price>20.00 EUR</g:price><g:sale_price>15.00 EUR</g:sale_price><g:availability>out_of_stock</g:availability><g:item_group_id>k</g:item_group_id></item>\n<item><g:id>b</g:id><g:title>Filter</g:title></item>';
    const tsv =
      'id\ttitle\tdescription\tprice\tsale price\tavailability\titem group id\na\tKettle\tSteel\t20.00 EUR\t15.00 EUR\tout of stock\tk\nb\tFilter\t\t\t\t\t\n';
    expect((await build([write('feed.xml.gz', gzipSync(feed(items))), '-o', at('xml.ascat'), ...lite])).code).toBe(0);
    expect((await build([write('feed.txt', tsv), '-o', at('tsv.ascat'), ...lite])).code).toBe(0);
    expect(bytesOf('xml.ascat')).toEqual(bytesOf('tsv.ascat'));
    expect(await productsOf('xml.ascat')).toMatchObject([
      { id: 'a', description: 'Steel', price: 20, salePrice: 15, currency: 'EUR', availability: 'out_of_stock', group: 'k' },
      { id: 'b', title: 'Filter', price: undefined, availability: 'in_stock' },
    ]);
  });

  test('takes the first of one id, and reports all that is left out with lines and reasons', async () => {
    const rows = [
      '{"title":"no id"}',
      '{"id":"a","title":"x","price":"dear"}',
      '{"id":"b","title":"tea"}',
      '{"id":"b","title":"tea again"}',
      `{"id":"${'x'.repeat(1025)}","title":"long"}`,
      'not json',
      '{"id":"c","tags":["hot"]}',
      '{"id":"d","price":1}',
      ...Array.from({ length: 10 }, (_, i) => `{"id":"s${i}","title":"x","role":"hero"}`),
    ];
    const { code, err } = await build([write('odd.jsonl', rows.join('\n')), '-o', at('odd.ascat'), '--report', at('odd.report'), ...lite]);
    expect(code).toBe(1);
    expect((await productsOf('odd.ascat')).map(({ id, title }) => [id, title])).toEqual([
      ['b', 'tea'],
      ['c', ''],
    ]);
    const report = linesOf(readFileSync(at('odd.report'), 'utf8'));
    expect(report.slice(0, 5)).toEqual([
      { file: at('odd.jsonl'), line: 1, reason: 'no_id', problem: 'no id' },
      { file: at('odd.jsonl'), line: 2, id: 'a', reason: 'price_is_not_a_number', problem: 'price "dear" is not a number' },
      { file: at('odd.jsonl'), line: 4, id: 'b', reason: 'repeated_id', problem: 'its id was there before' },
      expect.objectContaining({ line: 5, reason: 'id_is_too_long' }),
      expect.objectContaining({ line: 6, reason: 'unreadable' }),
    ]);
    expect(report.filter(({ reason }) => reason === 'role_is_not_known')).toHaveLength(10);
    expect(report.at(-1)).toMatchObject({ line: 8, id: 'd', reason: 'no_text' });
    expect(err.match(/role "hero"/g)).toHaveLength(5);
    expect(err).toMatch(/^left out: 10 × role is not known$/m);
  });

  test.each([
    ['cut', feed('<item><g:id>1</g:id><g:title>x</g:title></item>').slice(0, -20), 'it ends in the midst'],
    ['of another namespace', feed('<item><g:id>1</g:id></item>').replace('base.google.com', 'example.com'), 'no elements of the namespace'],
  ])('a feed that is %s: an error with a code, and the older catalogue stays', async (_, content, words) => {
    write('stays.ascat', 'older');
    const { code, err } = await build([write('cut.xml', content), '-o', at('stays.ascat'), '--report', at('cut.report'), ...lite]);
    expect(code).toBe(1);
    expect(err).toContain(words);
    expect(err).toContain('[input_invalid]');
    expect(readFileSync(at('stays.ascat'), 'utf8')).toBe('older');
    expect(existsSync(at('stays.ascat.part'))).toBe(false);
    expect(readFileSync(at('cut.report'), 'utf8')).toBe('');
  });

  test('takes a description of 10 MB, of which it keeps the beginning', async () => {
    const long = `<item><g:id>1</g:id><g:title>Lamp</g:title><g:description>${'warm light &amp; shade. '.repeat(450_000)}</g:description></item>`;
    const { code, err } = await build([write('long.xml', feed(long)), '-o', at('long.ascat'), ...lite]);
    expect(code, err).toBe(0);
    const [lamp] = await productsOf('long.ascat');
    expect(lamp?.description).toMatch(/^(warm light & shade\. ?)+/);
    expect(bytesOf('long.ascat').length).toBeLessThan(1_000_000);
  });

  test('of a list without any product fails, and writes nothing', async () => {
    const { code, err } = await build([write('none.csv', 'id,title\n'), '-o', at('none.ascat'), ...lite]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('[empty_catalog]') });
    expect(existsSync(at('none.ascat'))).toBe(false);
  });

  test('takes over the vectors of an older catalogue: the file is what it would be without', async () => {
    const older = write('older.jsonl', '{"id":"a","title":"Green tea"}\n{"id":"b","title":"Kettle"}\n');
    const newer = write('newer.jsonl', '{"id":"b","title":"Kettle","price":3}\n{"id":"c","title":"Cup"}\n{"id":"a","title":"Green tea"}\n');
    expect((await build([older, '-o', at('older.ascat')])).code).toBe(0);
    expect((await build([newer, '-o', at('full.ascat')])).code).toBe(0);
    const { code, err } = await build([newer, '--previous', at('older.ascat'), '-o', at('partly.ascat'), '--progress']);
    expect(code, err).toBe(0);
    expect(err).toMatch(/2 of them taken over/);
    expect(err).toMatch(/1 of 1 vectors/);
    expect(bytesOf('partly.ascat')).toEqual(bytesOf('full.ascat'));
  });

  test('takes offers and articles, without what cannot be', async () => {
    const offers = write(
      'offers.csv',
      'id,kind,value,title,products\no1,percent,10,Ten off,b\no2,percent,110,Too much,\no3,free_shipping,,Free,\n',
    );
    const articles = write('articles.jsonl', '{"id":"v","kind":"video","title":"Descaling a kettle","about":["b"]}\n{"id":"w"}\n');
    const products = write('with.jsonl', '{"id":"b","title":"Kettle"}\n');
    const { code, err } = await build([products, '--offers', offers, '--articles', articles, '-o', at('with.ascat'), ...lite]);
    expect(code).toBe(1);
    expect(err).toMatch(/^offers\.csv: line 3, o2: value 110 is not from 0 to 100$/m);
    expect(err).toMatch(/^articles\.jsonl: line 2, w: it has no text$/m);
    await desk.catalog.load(bytesOf('with.ascat'));
    const [article] = await desk.recommend({ for: 'content', id: 'b' });
    expect(article?.article).toMatchObject({ id: 'v', kind: 'video', about: ['b'] });
    const found = await desk.recommend({ for: 'offer', ids: ['b'] });
    expect(found.map(({ offer }) => offer.id).sort()).toEqual(['o1', 'o3']);
  });

  test.each([
    [['--ratings', 'r.csv'], '--ratings needs --orders'],
    [['--orders', 'o.csv', '--interactions', 'i.jsonl'], '--orders or --interactions'],
    [['--previous', 'a', ...lite], 'no vectors'],
    [['--format', 'lines'], '--format must be one of csv, tsv, jsonl, xml'],
  ])('%j is a wrong usage', async (args, words) => {
    expect(await build(['p.csv', ...args])).toMatchObject({ code: 2, err: expect.stringContaining(words) });
  });
});

describe('aftersense catalog vectors', () => {
  const products = '{"id":"b","title":"Kettle"}\n{"id":"e"}\n{"id":"a","title":"绿茶","brand":"Leaf"}\n';

  test('are of the products of a stream in their order, and a catalogue built by them is the same', async () => {
    const { code, out, err } = await run(['vectors', '-'], products);
    expect(code).toBe(1);
    expect(err).toMatch(/^-: line 2, e: it has no text$/m);
    const lines = linesOf(out);
    expect(lines.map(({ id }) => id)).toEqual(['b', 'a']);
    for (const { hash, model, vector } of lines) {
      expect(hash).toMatch(/^[0-9a-f]{16}$/);
      expect(model).toMatch(/^aftersense-base \d/);
      const numbers = new Float32Array(Uint8Array.from(Buffer.from(vector, 'base64')).buffer);
      expect(numbers).toHaveLength(384);
      expect(Math.hypot(...numbers)).toBeCloseTo(1, 5);
    }
    const list = write('v.jsonl', products.replace('{"id":"e"}\n', ''));
    expect((await build([list, '-o', at('direct.ascat')])).code).toBe(0);
    write('vectors.jsonl', out);
    // As Spark writes it.
    mkdirSync(at('parts'));
    for (const [i, line] of out.trimEnd().split('\n').entries()) write(`parts/part-0000${i}`, `${line}\n`);
    write('parts/_SUCCESS', '');
    for (const given of ['vectors.jsonl', 'parts']) {
      const built = await build([list, '--vectors', at(given), '-o', at('given.ascat')]);
      expect(built.code, built.err).toBe(0);
      expect(built.err).not.toContain('made anew');
      expect(bytesOf('given.ascat')).toEqual(bytesOf('direct.ascat'));
    }

    const changed = write('changed.jsonl', products.replace('Kettle', 'Steel kettle').replace('{"id":"e"}\n', ''));
    expect((await build([changed, '-o', at('changed.ascat')])).code).toBe(0);
    const again = await build([changed, '--vectors', at('vectors.jsonl'), '-o', at('anew.ascat')]);
    expect(again.err).toContain('no vectors of 1 products as they are now');
    expect(bytesOf('anew.ascat')).toEqual(bytesOf('changed.ascat'));
  });

  test('of another model are refused, and what is no vector is left out', async () => {
    const list = write('one.jsonl', '{"id":"b","title":"Kettle"}\n');
    const line = { id: 'b', model: 'other 1', hash: '0'.repeat(16), vector: Buffer.alloc(16).toString('base64') };
    const other = await build([list, '--vectors', write('other.jsonl', `${JSON.stringify(line)}\n`), '-o', at('x.ascat')]);
    expect(other).toMatchObject({ code: 1, err: expect.stringMatching(/line 1: its vectors are of other 1.*\[input_invalid\]/s) });
    const odd = await build([list, '--vectors', write('odd_vectors.jsonl', '{"id":"b","vector":"AAA"}\n'), '-o', at('y.ascat')]);
    expect(odd).toMatchObject({ code: 1, err: expect.stringMatching(/^odd_vectors\.jsonl: line 1, b: no vector/m) });
    expect(existsSync(at('x.ascat'))).toBe(false);
    expect(existsSync(at('y.ascat'))).toBe(true);
  });

  test('of nothing are none', async () => expect(await run(['vectors', '-'])).toEqual({ code: 0, out: '', err: '' }));
});

describe('aftersense catalog neighbours', () => {
  test('are what the device says is like each product, sold out or not', async () => {
    const list = write(
      'n.jsonl',
      '{"id":"a","title":"Green tea"}\n{"id":"b","title":"Black tea","availability":"out_of_stock"}\n{"id":"c","title":"Kettle"}\n',
    );
    expect((await build([list, '-o', at('n.ascat'), ...lite])).code).toBe(0);
    const { code, err } = await run(['neighbours', at('n.ascat'), '-k', '2', '-o', at('n.like')]);
    expect(code, err).toBe(0);
    expect(err).toContain('neighbours of 3 products');
    await desk.catalog.load(bytesOf('n.ascat'));
    const [first] = await desk.recommend({ for: 'product', id: 'a', filter: { soldOut: true } });
    expect(linesOf(readFileSync(at('n.like'), 'utf8'))).toEqual([
      { id: 'a', like: [['b', expect.closeTo(first?.score as number, 5)]] },
      { id: 'b', like: [['a', expect.any(Number)]] },
      { id: 'c', like: [] },
    ]);
  });

  test.each([
    [['neighbours', 'nothing.ascat'], 1, 'nothing.ascat'],
    [['neighbours', 'package.json'], 1, '[pack_wrong_type]'],
    [['neighbours', 'x', '-k', '0'], 2, '--k must be a whole number from 1 to 1000'],
  ])('%j fails', async (args, code, words) => expect(await run(args)).toMatchObject({ code, err: expect.stringContaining(words) }));
});

describe('aftersense catalog build --orders', { timeout: 240_000 }, () => {
  const learn = (args: readonly string[]) => build([at('taught.jsonl'), ...lite, '--python', python, ...args]);

  beforeAll(async () => {
    const made = await runProcess(python, ['-m', 'shop.simulate_purchases', '--customers', '500'], {
      env: { ...process.env, PYTHONPATH: path.join(root, 'models') },
    });
    expect(made.code, made.err).toBe(0);
    write('orders.csv', made.out);
    const products = Array.from({ length: 60 }, (_, i) => `p${String(i).padStart(2, '0')}`);
    // The text of p00 to p09 is alike, and so on.
    write('taught.jsonl', products.map((id) => `${JSON.stringify({ id, title: `Thing ${id}`, tags: [`kind${id[1]}`] })}\n`).join(''));
  }, 60_000);

  test('is one file that recommends by what the orders teach', async () => {
    const { code, out, err } = await learn(['--orders', at('orders.csv'), '-o', at('taught.ascat')]);
    expect({ code, out }, err).toEqual({ code: 0, out: '' });
    expect(err).toMatch(/baskets of 500 customers, 60 products, \d+ rules/);
    await desk.catalog.load(bytesOf('taught.ascat'));
    // The second product of each group is often bought with the first.
    const [first] = await desk.recommend({ for: 'basket', ids: ['p30'], diversity: 0 });
    expect(first?.product.id).toBe('p31');
    expect(first?.reason.contributions.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['rules', 'neighbours']));
  });

  test('is the same with what catalog interactions has learnt before', async () => {
    const plain = await learn(['-o', at('content.ascat')]);
    expect(plain.code, plain.err).toBe(0);
    expect((await run(['neighbours', at('content.ascat'), '-o', at('content.jsonl')])).code).toBe(0);
    const args = ['--products', at('taught.jsonl'), '--content', at('content.jsonl'), '--python', python, '-o', at('learnt.jsonl')];
    const learnt = await run(['interactions', at('orders.csv'), ...args]);
    expect(learnt.code, learnt.err).toBe(0);
    const built = await build([at('taught.jsonl'), ...lite, '--interactions', at('learnt.jsonl'), '-o', at('again.ascat')]);
    expect(built.code, built.err).toBe(0);
    expect(bytesOf('again.ascat')).toEqual(bytesOf('taught.ascat'));
  });

  test('leaves out orders of unknown products and ratings out of range, and says so by its code', async () => {
    const ratings = [
      'customer,product_id,rating',
      ...Array.from({ length: 400 }, (_, i) => `c${i % 80},p${String(i % 60).padStart(2, '0')},${1 + (i % 5)}`),
      'c1,p01,9',
    ];
    const orders = `${readFileSync(at('orders.csv'), 'utf8').trimEnd()}\n`;
    const [header = '', some = ''] = orders.split('\n');
    const row = some.split(',').map((value, i) => (header.split(',')[i] === 'product_id' ? 'p99' : value));
    const { code, err } = await learn([
      '--orders',
      write('more.csv', `${orders}${row.join(',')}\n`),
      '--ratings',
      write('ratings.csv', `${ratings.join('\n')}\n`),
      '-o',
      at('fewer.ascat'),
      '--report',
      at('fewer.report'),
    ]);
    expect(code, err).toBe(1);
    expect(err).toMatch(/left out: 1 × unknown product/);
    expect(err).toMatch(/left out: 1 × rating out of range/);
    expect(existsSync(at('fewer.ascat'))).toBe(true);
    const report = linesOf(readFileSync(at('fewer.report'), 'utf8'));
    expect(report).toContainEqual(expect.objectContaining({ file: at('ratings.csv'), line: 402, reason: 'rating_out_of_range' }));
    expect(report).toContainEqual(expect.objectContaining({ file: at('more.csv'), reason: 'unknown_product' }));
  });

  test('of too few orders fails with its code, and writes nothing', async () => {
    const { code, err } = await learn(['--orders', write('few.csv', 'order_id,customer,product_id\n1,c,p01\n'), '-o', at('few.ascat')]);
    expect(code).toBe(1);
    expect(err).toContain('[too_few_rows]');
    expect(existsSync(at('few.ascat'))).toBe(false);
  });
});
