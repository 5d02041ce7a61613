import t from 'tap';
import { headText, isBundle, objectsIn, readHead } from '../../src/store/git/transfer/bundle.ts';

const OID = 'a'.repeat(40);
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const refused = (text: string): string => {
  try {
    readHead(bytes(text));
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
};

t.test('what is written before the pack is read again, refs in order of name', async t => {
  const refs = new Map([
    ['refs/ledgenter/main/claims/t-0000000000', 'b'.repeat(40)],
    ['refs/ledgenter/main/book', OID],
  ]);
  const text = headText('sha1', refs);
  t.equal(text, headText('sha1', new Map([...refs].reverse())));
  const head = readHead(bytes(`${text}PACK`));
  t.same([...head.refs.keys()], [...refs.keys()].sort());
  t.match(head, { objectFormat: 'sha1', packAt: text.length });
  const long = 'c'.repeat(64);
  const other = readHead(bytes(headText('sha256', new Map([['refs/ledgenter/main/book', long]]))));
  t.match(other, { objectFormat: 'sha256' });
  t.equal(other.refs.get('refs/ledgenter/main/book'), long);
});

t.test('a file that anyone may have made: what is wrong, and in which line', async t => {
  const v2 = '# v2 git bundle\n';
  for (const [text, why] of [
    ['', /no export/],
    ['{"tasks":[]}', /no export/],
    ['# v9 git bundle\n\n', /no export/],
    [v2, /line 2: it is cut off/],
    [`${v2}${OID} refs/ledgenter/main/book`, /line 2: it is cut off/],
    [`${v2}-${OID} before\n\n`, /line 2: it builds on objects/],
    [`${v2}${OID} refs/ledgenter/main/book\n${OID} refs/ledgenter/main/book\n\n`, /line 3: .* twice/],
    [`${v2}${OID} HEAD\n\n`, /line 2: it is no ref/],
    [`${v2}${OID} refs/Heads/x y\n\n`, /line 2: it is no ref/],
    [`${v2}${OID}0 refs/heads/x\n\n`, /line 2: it is no ref/],
    [`${v2}${'a'.repeat(64)} refs/ledgenter/main/book\n\n`, /line 2: it is no ref/],
    [`# v3 git bundle\n@filter=blob:none\n\n`, /line 2: it is no ref/],
  ] as const)
    t.match(refused(text), why, JSON.stringify(text.slice(0, 60)));
  const many = Array.from({ length: 20_002 }, (_, n) => `${OID} refs/ledgenter/main/claims/t-${n}\n`).join('');
  t.match(refused(`${v2}${many}\n`), /more than 20001 refs/);
  t.ok(isBundle(bytes('# v3 git bundle\nrest')));
});

t.test('a pack has no more objects than its bytes can hold', async t => {
  const pack = (count: number): Buffer => {
    const start = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
    start.writeUInt32BE(count, 8);
    return start;
  };
  t.equal(objectsIn(pack(3), 1_000), 3);
  t.throws(() => objectsIn(pack(4_000_000_000), 1_000), { code: 'BAD_INPUT' });
  t.throws(() => objectsIn(bytes('JUNK'), 1_000), { code: 'BAD_INPUT' });
});
