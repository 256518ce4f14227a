/** Product lists as a shop has them: Google Merchant feeds in XML and TSV, and the columns of `ProductInput`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { plainText } from '../../web/cli/html.ts';
import { listFormats, readRows } from '../../web/cli/input.ts';
import { toArticle, toOffer } from '../../web/cli/offers.ts';
import { toProduct } from '../../web/cli/products.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'aftersense-feed-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function rowsOf(name: string, content: string | Uint8Array) {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const rows = [];
  for await (const row of readRows(file, undefined, listFormats)) rows.push(row);
  return rows;
}

const now = Date.parse('2026-11-22T12:00Z');

/** The products of a file, and what is wrong with others. */
async function productsOf(name: string, content: string | Uint8Array) {
  return (await rowsOf(name, content)).map((row) => (row.kind === 'row' ? toProduct(row, now) : row));
}

const product = (fields: object) => toProduct({ kind: 'row', line: 1, fields: { id: 'a', ...fields } }, now);
const bad = (reason: string, words = '') => expect.objectContaining({ kind: 'bad', reason, problem: expect.stringContaining(words) });

const rss = (items: string, namespace = 'http://base.google.com/ns/1.0') =>
  `<?xml version="1.0"?>\n<rss xmlns:g="${namespace}" version="2.0">\n<channel>\n<title>Shop</title><link>https://shop.example</link>\n${items}\n</channel>\n</rss>\n`;

const lamp = `<item>
  <g:id>lamp-1</g:id>
  <g:title>Desk lamp &amp; clamp</g:title>
  <title>not this one</title>
  <g:description><![CDATA[<p>A <b>warm</b> lamp.</p><ul><li>dimmable</li></ul>]]></g:description>
  <link>https://shop.example/lamp?a=1&amp;b=2</link>
  <g:image_link>https://shop.example/lamp.jpg</g:image_link>
  <g:additional_image_link>https://shop.example/lamp2.jpg</g:additional_image_link>
  <g:availability>in stock</g:availability>
  <g:price>15.00 USD</g:price>
  <g:sale_price>12.50 USD</g:sale_price>
  <g:google_product_category>Home &gt; Lighting</g:google_product_category>
  <g:product_type>Home &gt; Lighting &gt; Desk lamps</g:product_type>
  <g:brand>Lumo</g:brand>
  <g:gtin>3234567890126</g:gtin><g:mpn>LM-7</g:mpn>
  <g:item_group_id>lamp</g:item_group_id>
  <g:condition>new</g:condition>
  <g:external_seller_id>s1</g:external_seller_id>
  <g:color>green</g:color>
  <g:product_highlight>Lasts ten years</g:product_highlight>
  <g:product_highlight>Two colours of light</g:product_highlight>
  <g:shipping><g:country>US</g:country><g:price>5 USD</g:price></g:shipping>
</item>`;

const lampRead = {
  id: 'lamp-1',
  title: 'Desk lamp & clamp',
  description: 'A warm lamp. dimmable\nLasts ten years\nTwo colours of light',
  category: 'Home > Lighting > Desk lamps',
  brand: 'Lumo',
  tags: ['green', 'LM-7'],
  price: 15,
  salePrice: 12.5,
  currency: 'USD',
  image: 'https://shop.example/lamp.jpg',
  url: 'https://shop.example/lamp?a=1&b=2',
  availability: 'in_stock',
  group: 'lamp',
  seller: 's1',
};

describe('a product feed in XML', () => {
  test('RSS 2.0 has all that a product is', async () => {
    expect(await productsOf('feed.xml', rss(lamp))).toEqual([lampRead]);
  });

  test('Atom has it too, its own elements where Google has none', async () => {
    const entry = `<entry><g:id>7</g:id><id>tag:7</id><title>台灯</title><summary type="html">&lt;p&gt;暖光&lt;/p&gt;</summary><link href="https://shop.example/7"/><g:price>9 CNY</g:price></entry>`;
    const feed = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>x</title>${entry}</feed>`;
    expect(await productsOf('atom.xml', feed)).toEqual([
      { id: '7', title: '台灯', description: '暖光', url: 'https://shop.example/7', price: 9, currency: 'CNY' },
    ]);
  });

  test('is told by its beginning, packed or not, and items have their lines', async () => {
    const rows = await rowsOf('feed', gzipSync(`\ufeff${rss(`${lamp}\n${lamp}`)}`));
    expect(rows.map(({ line }) => line)).toEqual([5, 5 + lamp.split('\n').length]);
  });

  test('is read in the encoding that it names', async () => {
    const utf16 = Buffer.from(`\ufeff${rss('<item><g:id>1</g:id><g:title>灯</g:title></item>')}`, 'utf16le');
    expect(await productsOf('utf16.xml', utf16)).toEqual([{ id: '1', title: '灯' }]);
    const gbk = Buffer.concat([
      Buffer.from(`<?xml version="1.0" encoding="GBK"?><rss xmlns:g="http://base.google.com/ns/1.0"><item><g:id>1</g:id><g:title>`),
      Buffer.from([0xb5, 0xc6]),
      Buffer.from('</g:title></item></rss>'),
    ]);
    expect(await productsOf('gbk.xml', gbk)).toEqual([{ id: '1', title: '灯' }]);
    await expect(rowsOf('odd.xml', '<?xml version="1.0" encoding="klingon"?><rss/>')).rejects.toMatchObject({ code: 'input_invalid' });
  });

  test.each([
    ['cut in an item', rss(lamp).slice(0, 900), /line \d+: it ends in the midst/],
    ['cut after an item', rss(lamp).replace(/<\/channel>[\s\S]*/, ''), /line \d+: it ends in the midst/],
    ['cut in an entity', rss('<item><g:id>1</g:id></item>&am').replace(/\s*<\/channel>[\s\S]*/, ''), /ends in the midst/],
    ['not closed in order', rss('<item><g:id>1</g:title></item>'), /line 5: Unexpected close tag/],
    ['of another namespace', rss(lamp, 'http://example.com/'), /no elements of the namespace http:\/\/base.google.com/],
    ['without a namespace', rss(lamp).replace(/ xmlns:g="[^"]*"/, ''), /line 6: Unbound namespace prefix/],
    ['an HTML page', '<html><body><p>404</p></body></html>', /no elements of the namespace/],
    ['a long nothing', `<rss>${'x'.repeat(65 * 1024 * 1024)}`, /longer than/],
  ])('%s is refused with its code', async (_, content, words) => {
    await expect(rowsOf('broken.xml', content)).rejects.toMatchObject({ code: 'input_invalid', message: expect.stringMatching(words) });
  });

  test('entities that it declares are not expanded', async () => {
    const levels = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    const bomb = rss('<item><g:id>1</g:id><g:title>&l9;</g:title></item>').replace(
      '<rss',
      `<!DOCTYPE rss [<!ENTITY l0 "lol">${levels}]><rss`,
    );
    const start = performance.now();
    await expect(rowsOf('bomb.xml', bomb)).rejects.toMatchObject({ code: 'input_invalid', message: expect.stringContaining('entity') });
    expect(performance.now() - start).toBeLessThan(2000);
    const outside = rss('<item><g:id>&x;</g:id></item>').replace('<rss', '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss');
    await expect(rowsOf('outside.xml', outside)).rejects.toMatchObject({ code: 'input_invalid' });
  });

  test('a description of 10 MB is read whole', async () => {
    const words = 'warm light &amp; shade. '.repeat(450_000);
    const [read] = await productsOf('long.xml', rss(`<item><g:id>1</g:id><g:description>${words}</g:description></item>`));
    expect(read).toMatchObject({ id: '1' });
    expect((read as { description: string }).description).toHaveLength(450_000 * 'warm light & shade. '.length - 1);
  });
});

describe('a product feed in TSV', () => {
  test('has the same attributes, their names with spaces too, and quotes as they come', async () => {
    const content = `id\ttitle\tlink\timage link\tprice\tavailability\titem_group_id\n1\tScreen 5" wide\thttps://x/1\thttps://x/1.jpg\t99.00 EUR\tOut of stock\tg\n2\t"Lamp, ""old"""\t\t\t\tpreorder\t\n`;
    const expected = [
      {
        id: '1',
        title: 'Screen 5" wide',
        url: 'https://x/1',
        image: 'https://x/1.jpg',
        price: 99,
        currency: 'EUR',
        availability: 'out_of_stock',
        group: 'g',
      },
      { id: '2', title: 'Lamp, "old"', availability: 'preorder' },
    ];
    expect(await productsOf('feed.tsv', content)).toEqual(expected);
    expect(await productsOf('feed.txt', content)).toEqual(expected);
  });
});

describe('a product', () => {
  test('has the columns of ProductInput, however they are written', () => {
    const read = {
      salePrice: 2,
      price: 3,
      role: 'spare_part',
      fits: ['p1', 'p2'],
      lastsDays: 30,
      seller: 's',
      group: 'g',
      tags: ['x', 'y'],
    };
    expect(
      product({ sale_price: '2', price: '3', role: 'spare part', fits: 'p1|p2', lasts_days: '30', seller: 's', group: 'g', tags: 'x| y' }),
    ).toEqual({
      id: 'a',
      ...read,
    });
    expect(product({ ...read, role: 'spare_part' })).toEqual({ id: 'a', ...read });
  });

  test('is kept without price and image', () =>
    expect(product({ title: 'Lamp', price: ' ', image: null })).toEqual({ id: 'a', title: 'Lamp' }));

  test('has a number as its id, but no id that is blank or huge', () => {
    expect(product({ id: 7, title: 8 })).toEqual({ id: '7', title: '8' });
    expect(product({ id: ' ' })).toEqual(bad('no id'));
    expect(product({ id: '灯'.repeat(342) })).toEqual(bad('id is too long', '1026 bytes; 1024 are the most'));
    expect(product({ id: '灯'.repeat(341) })).toEqual({ id: '灯'.repeat(341) });
  });

  test('has a sale price while the sale is on', () => {
    const sale = { price: '15.00 USD', sale_price: '12.00 USD' };
    const during = (dates: string) => product({ ...sale, sale_price_effective_date: dates });
    expect(product(sale)).toMatchObject({ salePrice: 12 });
    expect(during('2026-11-22T13:00+0100/2026-11-22T07:01-0500')).toMatchObject({ salePrice: 12 });
    expect(during('2026-11-22T13:01+0100/2026-12-01')).toEqual({ id: 'a', price: 15, currency: 'USD' });
    expect(during('2026-11-01/2026-11-22T11:59Z')).toEqual({ id: 'a', price: 15, currency: 'USD' });
    expect(during('soon')).toEqual(bad('sale_price_effective_date is not a date', '"soon"'));
    expect(product({ price: 15, sale_price: 15 })).toEqual({ id: 'a', price: 15 });
  });

  test.each([
    [{ price: 'dear' }, 'price is not a number', 'price "dear"'],
    [{ price: '1,299.00 USD' }, 'price is not a number', '1,299.00'],
    [{ price: -1 }, 'price is out of range', 'below 0'],
    [{ price: '10 USD', sale_price: '12 USD' }, 'sale_price is above price', 'sale_price 12 is above price 10'],
    [{ sale_price: '12 USD' }, 'sale_price is above price', 'there without price'],
    [{ price: '10 USD', sale_price: '9 EUR' }, 'sale_price is not in the currency of price', 'EUR'],
    [{ availability: 'maybe' }, 'availability is not known', 'none of in_stock, out_of_stock'],
    [{ role: 'hero' }, 'role is not known', '"hero"'],
    [{ lasts_days: 'long' }, 'lasts_days is not a number', '"long"'],
    [{ lasts_days: 0 }, 'lasts_days is out of range', ''],
  ])('%j is left out', (fields, reason, words) => expect(product(fields)).toEqual(bad(reason, words)));

  test('takes schema.org availability, and passes over a bare number of the taxonomy', () => {
    expect(product({ availability: 'https://schema.org/InStock', google_product_category: '2271' })).toEqual({
      id: 'a',
      availability: 'in_stock',
    });
  });
});

describe('text out of HTML', () => {
  test.each([
    ['plain text', 'plain text'],
    ['x < y, AT&T', 'x < y, AT&T'],
    ['<p>One</p><p>two<br>three</p>', 'One two three'],
    ['im<b>port</b>ant', 'important'],
    ['a<script>alert("<b>")</script><style>p{}</style><!-- c -->b', 'a b'],
    ['5 &lt; 6 &#x1F600; &nbsp;&amp;', '5 < 6 😀 &'],
    ['<img src=x onerror="alert(1)">ok', 'ok'],
  ])('%j is %j', (html, text) => expect(plainText(html)).toBe(text));

  test('of 10 MB of open tags takes no time', () => {
    const start = performance.now();
    plainText(`${'<a'.repeat(5_000_000)}>`);
    plainText('&lt;<p>'.repeat(1_400_000));
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('offers and articles', () => {
  const offer = (fields: object) => toOffer({ kind: 'row', line: 1, fields: { id: 'o', kind: 'percent', value: 10, ...fields } });

  test('are read from their columns', () => {
    expect(
      offer({ least_spend: '50', currency: 'USD', starts: '2026-11-20', ends: '2026-11-30', categories: 'tea|coffee', code: 'TEA' }),
    ).toEqual({
      id: 'o',
      kind: 'percent',
      value: 10,
      leastSpend: 50,
      currency: 'USD',
      code: 'TEA',
      starts: Date.parse('2026-11-20T00:00Z'),
      ends: Date.parse('2026-12-01T00:00Z'),
      categories: ['tea', 'coffee'],
    });
    expect(
      toArticle({ kind: 'row', line: 1, fields: { id: 1, kind: 'Video', title: 'Descaling', language: 'en', about: 'k1|k2' } }),
    ).toEqual({
      id: '1',
      kind: 'video',
      title: 'Descaling',
      language: 'en',
      about: ['k1', 'k2'],
    });
  });

  test.each([
    [{ id: '' }, 'no id'],
    [{ kind: '' }, 'no kind'],
    [{ kind: 'bogus' }, 'kind is not known'],
    [{ value: '' }, 'no value'],
    [{ value: 101 }, 'value is out of range'],
    [{ starts: '2026-12-01', ends: '2026-11-01' }, 'ends before it starts'],
    [{ ends: '2026-02-31' }, 'ends is not a date'],
  ])('%j is left out', (fields, reason) => expect(offer(fields)).toEqual(bad(reason)));
});
