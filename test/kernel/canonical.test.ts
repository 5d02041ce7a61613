import fc from 'fast-check';
import t from 'tap';
import { canonicalJson, hasLoneSurrogate, recordText } from '../../src/kernel/canonical.ts';

/** JSON values without what canonical JSON refuses. -0 is left out: JSON has no sign for zero. */
const json = fc
  .jsonValue({ noUnicodeString: false, stringUnit: 'grapheme' })
  .map(value => JSON.parse(JSON.stringify(value)));

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  const out: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value).reverse()) out[key] = shuffled(item);
  return out;
}

t.test('the order of keys does not matter', async () => {
  fc.assert(fc.property(json, value => canonicalJson(value) === canonicalJson(shuffled(value))));
});

t.test('it is JSON that reads back as the same value, and canonical JSON of that is the same text', async t => {
  fc.assert(
    fc.property(json, value => {
      const text = canonicalJson(value);
      const back = JSON.parse(text);
      t.strictSame(back, value);
      return canonicalJson(back) === text;
    }),
    { numRuns: 60 },
  );
});

t.test('keys are sorted by UTF-16 units, no white space, no undefined', async t => {
  t.equal(
    canonicalJson({ b: 1, a: { d: [1, 'x', null], c: undefined }, '10': 0, '9': 0 }),
    '{"10":0,"9":0,"a":{"d":[1,"x",null]},"b":1}',
  );
  t.equal(canonicalJson({ é: 1, z: 2, '\u{1f600}': 3, '\uffff': 4 }), '{"z":2,"é":1,"\u{1f600}":3,"\uffff":4}');
  t.equal(canonicalJson(-0), '0');
  t.equal(recordText({ a: 1 }), '{"a":1}\n');
});

t.test('what other readers of JSON would change silently is refused', async t => {
  const lossy: unknown[] = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    '\ud800',
    'a\udc00',
    [undefined],
    new Array(2),
  ];
  for (const value of lossy) {
    t.throws(() => canonicalJson(value), TypeError);
    t.throws(() => canonicalJson({ a: { b: [value] } }), TypeError);
  }
  t.throws(() => canonicalJson({ '\udfff': 1 }), TypeError, 'keys too');
  t.throws(() => canonicalJson(undefined), TypeError);
});

t.test('a lone surrogate is found wherever it stands, pairs are not', async t => {
  for (const text of ['\ud83d', '\ude00', 'a\ud83d', '\ude00b', '\ud83d\ud83d\ude00', '\ud83d\ude00\ude00'])
    t.ok(hasLoneSurrogate(text));
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => !hasLoneSurrogate(text)));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0xd800, max: 0xdfff }), (text, unit) =>
      hasLoneSurrogate(`${text}.${String.fromCharCode(unit)}`),
    ),
  );
});
