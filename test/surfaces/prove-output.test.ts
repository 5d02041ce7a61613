import { createHash } from 'node:crypto';
import { realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { descendantsIn } from '../../src/surfaces/prove/ended.ts';
import { Output, tailOf } from '../../src/surfaces/prove/output.ts';
import { pathsOf } from '../../src/surfaces/prove/spellings.ts';
import { homePaths } from '../kernel/home-paths.ts';
import { secretShapes } from '../kernel/secret-shapes.ts';

const ROOT = '/srv/work/checkout';
const PATHS = { roots: [ROOT], homes: [] };
const tail = (text: string) => tailOf(Buffer.from(text), PATHS);
const esc = String.fromCharCode(27);

t.test('an output is counted, hashed and kept at its end, however it comes in', async t => {
  const all = Buffer.from(Array.from({ length: 40_000 }, (_, line) => `line ${line}\n`).join(''));
  for (const size of [1, 7, 65_535, 65_536, 65_537, 200_000, all.length]) {
    const part = size === 1 ? all.subarray(0, 70_000) : all;
    const output = new Output();
    for (let at = 0; at < part.length; at += size) output.add(part.subarray(at, at + size));
    t.equal(output.bytes, part.length);
    t.ok(output.end().equals(part.subarray(-65_536)), `in parts of ${size}`);
    t.equal(output.digest(), createHash('sha256').update(part).digest('hex'));
  }
  t.equal(new Output().end().length, 0);
});

t.test('the end of an output is text that shows, of four kilobytes, from a beginning of a line', async t => {
  const told = tail(`${'x'.repeat(79)}\n`.repeat(100)).text;
  t.ok(Buffer.byteLength(told) <= 4096 && told.startsWith('x'.repeat(79)), `${told.length}`);
  t.equal(tail('é'.repeat(3000)).text, 'é'.repeat(2048));
  t.equal(tail('𝄞'.repeat(3000)).text, '𝄞'.repeat(1024), 'no character is cut in two');
  t.equal(tailOf(Buffer.from([0xff, 0xc3, 0x28, 0x0a]), PATHS).text, '��(');
  t.equal(
    tail(`${esc}[1;31mred${esc}[0m ${esc}]8;;https://x.test${esc}\\link${esc}]8;;${esc}\\\r\n10%\r20%\u0007\0\u202e`)
      .text,
    'red link\n10%\n20%',
  );
  for (const empty of ['', ' \n\t\n', `${esc}[0m\n`]) t.equal(tail(empty).text, '');
});

t.test('no secret and no path of this machine is in it, wherever it is cut and however it is dressed up', async t => {
  const shapes = [...secretShapes(), ...homePaths().map(({ text }) => ({ text, secret: text }))];
  t.ok(shapes.length > 400);
  const left = [];
  for (const { text, secret } of shapes) {
    const shown = tail(`${'before\n'.repeat(50)}${text}\n`).text;
    if (shown.includes(secret ?? text)) left.push(text);
  }
  t.same(left, []);
  const token = `ghp_${'aB3dE6gH9j'.repeat(4).slice(0, 36)}`;
  const dressed = [
    `${esc}[32m${token}${esc}[0m`,
    `${token.slice(0, 20)}\u200b${token.slice(20)}`,
    `${token.slice(0, 20)}\0${token.slice(20)}`,
    `${token.slice(0, 20)}${esc}[0m${token.slice(20)}`,
  ];
  for (const one of dressed) t.match(tail(one), { text: '[redacted:github-token]', redacted: 1 }, JSON.stringify(one));
  for (let after = 4_050; after < 4_100; after++) {
    const shown = tail(`${token} ${'z'.repeat(after)}`).text;
    t.notOk(/[aB3dE6gH9j]{4}/.test(shown.slice(0, 60).replace(/z/g, '')), `cut within a secret: ${shown.slice(0, 20)}`);
  }
  t.equal(tail(`${ROOT}/src/a.ts:1`).text, '[repo]/src/a.ts:1');
});

t.test('what began before the part that is kept is not shown, and a placeholder is shown whole', async t => {
  const token = `ghp_${'aB3dE6gH9j'.repeat(4).slice(0, 36)}`;
  const pem = ['-----BEGIN RSA PRIVATE KEY-----', ...Array(98).fill('Qk9'.repeat(21)), '-----END RSA PRIVATE KEY-----'];
  for (const [secret, told] of [
    [`key ${token}`, token.slice(-8)],
    [pem.join('\n'), 'Qk9Qk9'],
  ] as const)
    for (let kept = 9; kept < secret.length; kept += Math.ceil(secret.length / 12)) {
      const lines = `\n${'all 12 passed\n'.repeat(700)}`;
      const output = new Output();
      output.add(Buffer.from(secret + `${esc}[0m`.repeat(16_384).slice(kept + lines.length) + lines));
      t.ok(output.cut);
      const shown = tailOf(output.end(), PATHS, output.cut).text;
      t.notOk(shown.includes(told), `${kept} of ${secret.length}`);
      t.ok(shown.endsWith('all 12 passed'));
    }
  const ring = new Output();
  ring.add(Buffer.from(`key ${token}${`${esc}[0m`.repeat(16_379)}\n`));
  t.equal(tailOf(ring.end(), PATHS, ring.cut).text, '', 'half a token is nothing to show');
  for (let after = 4_060; after < 4_100; after++) {
    const shown = tail(`${token} ${'z'.repeat(after)}`).text;
    t.match(shown, /^(\[redacted:github-token\])? ?z+$/, shown.slice(0, 30));
  }
});

t.test('the checkout in every spelling, and a home wherever it is, are no part of it', async t => {
  const paths = { roots: ['/srv/work', '/srv/work/link', '/mnt/data/checkout'], homes: ['/data/people/jane'] };
  const text = '/srv/work/link/a.ts /mnt/data/checkout/b.ts /srv/work/c.ts /data/people/jane/.npm /data/people/janet';
  t.match(tailOf(Buffer.from(text), paths), {
    text: '[repo]/a.ts [repo]/b.ts [repo]/c.ts [home]/.npm /data/people/janet',
    redacted: 4,
  });
});

t.test(
  'a checkout is known by the name through which the caller came in',
  { skip: process.platform === 'win32' },
  async t => {
    const dir = t.testdir({ checkout: { sub: {} } });
    const root = realpathSync(join(dir, 'checkout'));
    const link = join(dir, 'link');
    symlinkSync(root, link, 'dir');
    const into = join(dir, 'into');
    symlinkSync(join(root, 'sub'), into, 'dir');
    const env = { PWD: join(link, 'sub'), HOME: join(dir, 'people') };
    const { roots, homes } = pathsOf(root, link, env);
    t.same([...new Set(roots)], [root, link]);
    t.ok(homes.includes(env.HOME));
    t.same([...new Set(pathsOf(root, into, {}).roots)], [root], 'a link to a folder in it is no name of the whole');
  },
);

t.test('who started whom is read from a list of processes', async t => {
  const list = ' 1 0\n 10 1\n 11 10\n 12 11\n 20 1\n 21 20\n\nrubbish\n';
  t.same(descendantsIn(list, 10).sort(), [11, 12]);
  t.same(descendantsIn('10 10\n11 10\n10 11', 10), [11], 'a ring ends');
  t.same(descendantsIn('', 10), []);
});
