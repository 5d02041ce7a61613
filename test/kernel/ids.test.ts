import { createHash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { ID_LENGTH, isId, MIN_PREFIX, prefixBody, recordId, sha256Hex } from '../../src/kernel/ids.ts';

const letter = fc.constantFrom('t', 'n', 'c', 'f', 'd', 'k', 'kn');
const parts = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 });

t.test('sha256Hex is SHA-256 over UTF-8', async () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      text => sha256Hex(text) === createHash('sha256').update(text, 'utf8').digest('hex'),
    ),
  );
});

t.test('an id is its letter and ten characters of Crockford base32, the same for the same parts', async () => {
  fc.assert(
    fc.property(letter, parts, (l, p) => {
      const id = recordId(l, ...p);
      return new RegExp(`^${l}-[0-9a-hjkmnp-tv-z]{${ID_LENGTH}}$`).test(id) && id === recordId(l, ...p) && isId(l, id);
    }),
  );
});

t.test('the first 50 bits of the digest, most significant first', async t => {
  // Computed apart from the code: base32 of the first 50 bits of sha256 of the canonical JSON.
  const digest = createHash('sha256').update('["t","key","a"]').digest('hex');
  const bits = [...digest.slice(0, 14)].map(hex => Number.parseInt(hex, 16).toString(2).padStart(4, '0')).join('');
  let body = '';
  for (let at = 0; at < 50; at += 5)
    body += '0123456789abcdefghjkmnpqrstvwxyz'[Number.parseInt(bits.slice(at, at + 5), 2)];
  t.equal(recordId('t', 'key', 'a'), `t-${body}`);
});

t.test('other parts, another letter or another split of the parts give another id', async t => {
  const ids = [
    recordId('t', 'ab'),
    recordId('n', 'ab'),
    recordId('t', 'a', 'b'),
    recordId('t', 'ab', ''),
    recordId('t', 'b', 'a'),
  ];
  t.equal(new Set(ids.map(id => id.slice(2))).size, ids.length);
  fc.assert(
    fc.property(
      parts,
      parts,
      (a, b) => JSON.stringify(a) === JSON.stringify(b) || recordId('t', ...a) !== recordId('t', ...b),
    ),
  );
});

t.test('any prefix of four or more is read, whatever its case and look-alikes', async t => {
  fc.assert(
    fc.property(parts, fc.integer({ min: MIN_PREFIX, max: ID_LENGTH }), fc.boolean(), (p, length, bare) => {
      const body = recordId('t', ...p).slice(2, 2 + length);
      const typed = body.toUpperCase().replaceAll('0', 'O').replaceAll('1', 'L');
      return prefixBody('t', bare ? typed : `T-${typed}`) === body && prefixBody('t', ` ${body}\n`) === body;
    }),
  );
  for (const text of ['', 't-', 'abc', 't-abc', 'abcdefghjkm', 'abcu', 'ab c', 'n-7k3qz0m4xv', 'ab/c', '....']) {
    t.equal(prefixBody('t', text), undefined, JSON.stringify(text));
  }
});

t.test('nothing that could lead out of a folder is ever an id or a prefix', async () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('../', '..', '/', '\\', '.', '\0', 't-', '~', 'CON', '%2e', 'abcd'), { maxLength: 6 })
      .map(all => all.join('')),
  );
  fc.assert(
    fc.property(hostile, text => {
      const body = prefixBody('t', text);
      return (
        (body === undefined || /^[0-9a-z]{4,10}$/.test(body)) && (!isId('t', text) || /^t-[0-9a-z]{10}$/.test(text))
      );
    }),
    { numRuns: 1000 },
  );
});
