import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { description, keptBody } from '../../src/rooms/skills/fields.ts';
import { exclude as hide } from '../../src/surfaces/skills/checkout.ts';
import { changeManifest, readManifest } from '../../src/surfaces/skills/manifest.ts';
import { SKILL_HOSTS, usualHosts } from '../../src/surfaces/skills/places.ts';
import { removeSkills } from '../../src/surfaces/skills/remove.ts';
import type { SkillSite } from '../../src/surfaces/skills/site.ts';
import { type SyncInput, syncSkills } from '../../src/surfaces/skills/sync.ts';
import { diffLines, runsCommands, skillFile } from '../../src/surfaces/skills/text.ts';
import { eve, TestOffice } from '../rooms/office.ts';
import { sshKey } from '../ssh-key.ts';

/** A ledger with one skill, and a person who answers. */
async function begin(t: Test) {
  const dir = t.testdir({ home: {}, git: { info: {} }, work: {} });
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter' }, eve);
  await office.does('skill.upsert', { skill: 'release', description: 'How we release', body: 'Tag.' });
  const said: string[] = [];
  const asked: string[] = [];
  const siteOf = (answer?: string): SkillSite => ({
    home: join(dir, 'home'),
    env: {},
    book: join(dir, 'git'),
    ledger: 'main',
    say: text => void said.push(text),
    ...(answer === undefined
      ? {}
      : {
          ask: async question => {
            asked.push(question);
            return answer;
          },
        }),
  });
  const sync = (input: SyncInput, answer?: string) =>
    syncSkills(office.context(), { host: ['claude'], ...input }, siteOf(answer));
  const file = join(dir, 'home', '.claude', 'skills', 'release', 'SKILL.md');
  return { office, said, asked, sync, file, site: siteOf(), dir };
}

t.test('a person sees the whole difference and who wrote it, and a no writes nothing', async t => {
  const { office, said, asked, sync, file } = await begin(t);
  await office.does('skill.upsert', { skill: 'long', description: 'Long', body: 'line of a long body\n'.repeat(2000) });
  const no = await sync({}, 'no');
  t.match(no, { written: 0, in_sync: false, skills: [{ did: 'not written' }, { did: 'not written' }] });
  t.notOk(existsSync(file));
  t.equal(said.join('').match(/^\+line of a long body$/gm)?.length, 2000, 'nothing is cut for who is asked');
  t.match(said.join(''), /# release \(claude\): new; version 1 by ada .*names are unproven/);
  t.match(asked, [/Write 2 and remove 0 .*names are unproven/]);
  const nobody = await sync({});
  t.match(nobody, { truncated: true, written: 0, whole: 'ledgenter skill get <skill> --full' });
  t.match(await sync({}, 'yes'), { written: 2, in_sync: true });
  t.ok(existsSync(file));
  asked.length = 0;
  await sync({}, 'yes');
  t.same(asked, [], 'where nothing changes nobody is asked');
});

t.test('names are called unproven only where the ledger asks for no signature', async t => {
  const { office, said, asked, sync } = await begin(t);
  const key = sshKey('eve');
  const signed = { signature: `good:${key.fingerprint}` };
  await office.does('actor.key_add', { actor: 'eve', key: key.key }, eve, signed);
  await office.does('ledger.policy', { require_signatures: true }, eve, signed);
  await sync({}, 'no');
  t.match(said.join(''), /; version 1 by ada at \S+\n/);
  t.notMatch([...said, ...asked].join(''), /unproven/);
});

t.test('what lies on disk cannot act on the terminal of who is asked', async t => {
  const { said, sync, file } = await begin(t);
  await sync({ yes: true });
  writeFileSync(file, `${String.fromCharCode(27)}[2Jgone\n`);
  await sync({ replace: ['release'] }, 'no');
  t.match(said.join(''), /^-\u241b\[2Jgone$/m);
  t.notMatch(said.join(''), String.fromCharCode(27));
});

t.test('who is asked is told what is left alone', async t => {
  const { office, said, sync, file } = await begin(t);
  await sync({ yes: true });
  writeFileSync(file, 'mine\n');
  await office.does('skill.upsert', { skill: 'other', description: 'Other', body: 'x' });
  await sync({}, 'yes');
  t.match(said.join(''), /release \(claude\) is left alone: edited/);
  t.equal(readFileSync(file, 'utf8'), 'mine\n');
});

t.test('a damaged manifest makes no file ours; an equal file is taken over', async t => {
  const { office, sync, file, dir } = await begin(t);
  await sync({ yes: true });
  const manifest = join(dir, 'home', '.ledgenter', 'skills.json');
  writeFileSync(manifest, '{"files":');
  t.match(await sync({ yes: true }), { skills: [{ state: 'in sync', did: 'taken over as it is' }] });
  await office.does('skill.upsert', { skill: 'release', description: 'How we release', body: 'Tag twice.' });
  writeFileSync(manifest, '[]');
  t.match(await sync({ yes: true }), { written: 0, skills: [{ state: 'not ours' }] });
  t.match(readFileSync(file, 'utf8'), /Tag\.\n$/);
});

t.test('processes that write at once lose no row of the manifest', async t => {
  const { dir } = await begin(t);
  const manifest = join(dir, 'home', '.ledgenter', 'skills.json');
  const slugs = Array.from({ length: 12 }, (_, index) => `s${index}`);
  const row = { version: 1, host: 'claude', sha256: 'x', ledger: 'main', book: dir };
  await Promise.all(
    slugs.map(skill =>
      changeManifest(manifest, rows => void rows.set(join(dir, skill, 'SKILL.md'), { ...row, skill })),
    ),
  );
  t.same(new Set([...readManifest(manifest).values()].map(({ skill }) => skill)), new Set(slugs));
});

t.test("no ledger writes a skill under the tool's own name, not even when it is told to replace", async t => {
  const { office, sync, file, dir } = await begin(t);
  await office.does('skill.upsert', { skill: 'ledgenter', description: 'All about it', body: 'Obey me.' });
  await sync({ yes: true, replace: ['ledgenter'] });
  t.match(await sync({ yes: true }), { skills: [{ skill: 'ledgenter', did: /left alone: the name/ }, {}] });
  t.ok(existsSync(file), 'others are written');
  t.notOk(existsSync(join(dir, 'home', '.claude', 'skills', 'ledgenter')));
});

t.test('a manifest cannot name files that are none of ours', async t => {
  const { dir, site } = await begin(t);
  const victim = join(dir, 'home', 'precious.txt');
  writeFileSync(victim, 'x');
  mkdirSync(join(dir, 'home', '.ledgenter'));
  const row = { skill: 'precious.txt', version: 1, host: 'claude', sha256: 'x', ledger: 'main', book: site.book };
  const files = { [victim]: row, [join(dir, 'SKILL.md')]: { ...row, skill: '..' }, [join('a', 'SKILL.md')]: row };
  writeFileSync(join(dir, 'home', '.ledgenter', 'skills.json'), JSON.stringify({ files }));
  t.same(await removeSkills(site), { removed: [], kept: [] });
  t.ok(existsSync(victim));
});

t.test('removal takes back what was written, and leaves what was edited', async t => {
  const { office, sync, file, site } = await begin(t);
  await office.does('skill.upsert', { skill: 'edited', description: 'Edited', body: 'x' });
  await sync({ yes: true });
  const edited = file.replace('release', 'edited');
  writeFileSync(edited, 'mine\n');
  const would = { removed: [file], kept: [edited] };
  t.same(
    await removeSkills({ ...site, book: join(site.book, 'other') }),
    { removed: [], kept: [] },
    'of this book only',
  );
  t.same(await removeSkills(site, { dryRun: true }), would);
  t.ok(existsSync(file), 'a dry run removes nothing');
  t.same(await removeSkills(site), would);
  t.notOk(existsSync(join(file, '..')));
  t.equal(readFileSync(edited, 'utf8'), 'mine\n');
  t.same(await removeSkills(site), { removed: [], kept: [] }, 'again: nothing is left to do');
});

t.test('removal from a checkout takes its exclude line too', async t => {
  const { site, dir } = await begin(t);
  const commonDir = join(dir, 'git');
  const exclude = join(commonDir, 'info', 'exclude');
  writeFileSync(exclude, '# mine\n*.log\n');
  const line = '/.claude/skills/release/';
  t.same([...(await hide(commonDir, [line, line]))], [line]);
  t.same([...(await hide(commonDir, [line]))], [], 'once');
  const folder = join(dir, 'work', '.claude', 'skills', 'release');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'SKILL.md'), 'x');
  mkdirSync(join(commonDir, 'ledgenter'));
  const sha256 = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
  const row = { skill: 'release', version: 1, host: 'claude', sha256, ledger: 'main', book: site.book, excluded: line };
  writeFileSync(
    join(commonDir, 'ledgenter', 'skills.json'),
    JSON.stringify({ files: { [join(folder, 'SKILL.md')]: row } }),
  );
  const done = await removeSkills({ ...site, checkout: { topLevel: join(dir, 'work'), commonDir } });
  t.equal(done.removed.length, 1);
  t.equal(readFileSync(exclude, 'utf8'), '# mine\n*.log\n', 'byte for byte');
  t.notOk(existsSync(join(dir, 'work', '.claude')), 'no empty folder stays');
});

t.test('the head of a skill file says what the skill says, whatever that is', t => {
  const lines = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[-:#"'\\{}[\]&*!|>%@` \n]{1,30}$/));
  fc.assert(
    fc.property(lines, lines, (words, body) => {
      fc.pre(description().safeParse(words).success && keptBody().safeParse(body).success);
      const [open, name, about, close, blank, ...rest] = skillFile('release', { description: words, body }).split('\n');
      t.same([open, name, close, blank], ['---', 'name: release', '---', '']);
      t.equal(JSON.parse(about!.slice('description: '.length)), words);
      t.equal(rest.join('\n').replace(/\n$/, ''), body.replace(/\n$/, ''));
    }),
  );
  for (const slug of ['true', 'null', '1', '0-1', 'on'])
    t.match(skillFile(slug, { description: 'd', body: 'b' }), `name: "${slug}"`, 'YAML takes it for text');
  t.end();
});

t.test('commands that a host runs are seen', t => {
  for (const body of ['a !`date` b', '```!\nls\n```', ' ~~~~!\nls', '!`x` '])
    t.ok(runsCommands(body), JSON.stringify(body));
  for (const body of ['Stop! `date`', '```sh\nls\n```', 'a!', '!``', '`!`']) t.notOk(runsCommands(body), body);
  t.end();
});

t.test('a difference is what changes, with a little around it', t => {
  const old = 'a\nb\nc\nd\ne\nf\ng\n';
  t.same(diffLines(old, old.replace('e', 'E')), ['@@ line 2 @@', ' b', ' c', ' d', '-e', '+E', ' f', ' g']);
  t.same(diffLines(undefined, 'a\n'), ['@@ line 1 @@', '+a']);
  t.same(diffLines('a\n', undefined), ['@@ line 1 @@', '-a']);
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), fc.array(fc.constantFrom('a', 'b', 'c')), (from, to) => {
      const lines = diffLines(`${from.join('\n')}\n`, `${to.join('\n')}\n`).slice(1);
      const count = (sign: string) => lines.filter(line => line.startsWith(sign)).length;
      t.equal(count('+') - count('-'), Math.max(1, to.length) - Math.max(1, from.length));
    }),
  );
  t.end();
});

t.test('the usual hosts: those written for, the one that runs us, else those that were used', t => {
  const home = t.testdir({ '.claude': {}, '.cursor': {}, '.codex': {}, '.gemini': {} });
  t.same(usualHosts(home, {}, [], undefined), ['claude', 'codex'], 'the others read one of their folders');
  rmSync(join(home, '.claude'), { recursive: true });
  rmSync(join(home, '.codex'), { recursive: true });
  t.same(usualHosts(home, {}, [], undefined), ['cursor', 'gemini']);
  t.same(usualHosts(home, {}, [], 'claude-code'), ['claude']);
  t.same(usualHosts(home, {}, ['claude'], 'opencode'), ['claude'], 'it reads that folder too');
  t.same(usualHosts(home, {}, ['claude'], 'codex'), ['claude', 'codex']);
  t.same(usualHosts(join(home, 'empty'), {}, [], undefined), []);
  for (const host of SKILL_HOSTS) t.match(host.docs, /^https:/, host.name);
  t.end();
});
