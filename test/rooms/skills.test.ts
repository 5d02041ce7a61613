import t from 'tap';
import { asVersion, type Skill, skillHash, skillRecord, versionRecord } from '../../src/rooms/skills/record.ts';
import { ada, bob, eve, TestOffice } from './office.ts';

const words = { description: 'How we release. Use before tagging.', body: '1. Count to ten.\n2. Tag.\n' };

async function begin() {
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter' }, eve);
  await office.does('skill.upsert', { skill: 'Release', ...words }, ada);
  return office;
}
const skillIn = async (office: TestOffice) => (await office.view.get(skillRecord, 'release'))!;

t.test('a skill gets a version with every change of its words, and every version stays readable', async t => {
  const office = await begin();
  t.match(await skillIn(office), { version: 1, hash: skillHash('release', words), created_by: 'ada' });
  const again = await office.outcome('skill.upsert', { skill: 'release', ...words }, bob);
  t.equal(again.kind, 'same', 'the same words are no version');
  await office.does('skill.upsert', { skill: 'release', ...words, body: '1. Tag.\n' }, bob);
  t.match(await skillIn(office), { version: 2, created_by: 'ada', updated_by: 'bob', body: '1. Tag.\n' });
  await office.does('skill.upsert', { skill: 'release', ...words }, ada);
  t.match(await skillIn(office), { version: 3, hash: skillHash('release', words) }, 'back to old words is new');
  t.match(await office.asks('skill.get', { skill: 'release', version: 2 }), {
    skill: { version: 2, latest: 3, by: 'bob', body: '1. Tag.\n' },
  });
  t.match(await office.asks('skill.get', { skill: 'RELEASE' }), { skill: { version: 3, body: words.body } });
  await t.rejects(office.asks('skill.get', { skill: 'release', version: 4 }), {
    code: 'NOT_FOUND',
    message: /no version 4; the last is 3/,
  });
  await t.rejects(office.asks('skill.get', { skill: 'nowhere' }), { code: 'NOT_FOUND' });
});

t.test('expected_version: who did not see the last version does not write over it', async t => {
  const office = await begin();
  const next = { skill: 'release', ...words, body: 'other' };
  t.match(await office.refusal('skill.upsert', { ...next, expected_version: 0 }), {
    code: 'REFUSED',
    message: 'release has version 1, not 0',
  });
  t.match(await office.refusal('skill.upsert', { ...next, skill: 'new', expected_version: 2 }), { code: 'REFUSED' });
  await office.does('skill.upsert', { ...next, expected_version: 1 });
  await office.does('skill.upsert', { ...next, skill: 'new', expected_version: 0 });
  t.equal((await skillIn(office)).version, 2);
});

t.test('archived hides a skill, and it says the same when it comes back', async t => {
  const office = await begin();
  const was = await skillIn(office);
  await office.does('skill.archive', { skill: 'release' }, bob);
  t.match(await office.asks('skill.query', {}), { skills: [], total: 0 });
  t.match(await office.asks('skill.query', { archived: true }), { skills: [{ skill: 'release' }], total: 1 });
  t.match(await office.asks('skill.get', { skill: 'release' }), { skill: { archived: { by: 'bob' } } });
  t.match(await office.refusal('skill.upsert', { skill: 'release', ...words, body: 'x' }), {
    code: 'REFUSED',
    hint: 'ledgenter skill archive release --restore',
  });
  t.equal((await office.outcome('skill.archive', { skill: 'release' }, ada)).kind, 'same');
  await office.does('skill.archive', { skill: 'release', restore: true }, ada);
  t.same(await skillIn(office), was);
  t.equal((await office.outcome('skill.archive', { skill: 'release', restore: true }, ada)).kind, 'same');
  t.match(await office.refusal('skill.archive', { skill: 'nowhere' }), { code: 'NOT_FOUND' });
});

t.test('a list has no body; a long body is cut unless all of it is asked for', async t => {
  const office = await begin();
  await office.does('skill.upsert', { skill: 'long', description: 'd'.repeat(1024), body: 'b'.repeat(9000) });
  const { skills, total } = (await office.asks('skill.query', {})) as { skills: object[]; total: number };
  t.equal(total, 2);
  for (const row of skills) t.notOk('body' in row);
  t.match(await office.asks('skill.query', { limit: 1 }), { skills: [{ skill: 'long' }], cursor: 'long' });
  t.match(await office.asks('skill.get', { skill: 'long' }), {
    skill: { truncated: true, whole: 'ledgenter skill get long --full' },
  });
  t.match(await office.asks('skill.get', { skill: 'long', full: true }), { skill: { body: 'b'.repeat(9000) } });
  const { result } = (await office.outcome('skill.upsert', { skill: 'release', ...words }, ada)) as never as {
    result: { skill: string };
  };
  t.notOk('body' in ((await office.shows('skill.upsert', result, {})).skill as object), 'a writer knows what it wrote');
});

t.test('names, descriptions and bodies are what every host can load and every person can see', async t => {
  const office = await begin();
  const tries = (input: object) => office.outcome('skill.upsert', { skill: 'fine', ...words, ...input }, ada);
  for (const skill of ['', '-a', 'a-', 'a--b', 'a.b', 'a_b', '../a', 'a/b', 'con', 'nul', 'é', 'a'.repeat(65)])
    await t.rejects(tries({ skill }), /skill/, JSON.stringify(skill));
  const code = (...points: number[]) => String.fromCodePoint(...points);
  const hidden = [0, 7, 0x1b, 0x7f, 0x9b, 0x2028, 0x202e, 0x2066, 0xfeff, 0xe0041, 0xd800].map(point => code(point));
  for (const char of hidden) {
    await t.rejects(tries({ description: `a${char}b` }), /description/, escape(char));
    await t.rejects(tries({ body: `a${char}b` }), /body/, escape(char));
  }
  for (const description of ['', ' ', 'a\nb', 'a\rb', 'a\tb', 'd'.repeat(1025)])
    await t.rejects(tries({ description }), /description/, JSON.stringify(description.slice(0, 9)));
  t.equal((await tries({ description: '"a: b" #c \\ {é} 😀', body: 'a\tb\nc' })).kind, 'lawful');
  t.equal((await tries({ skill: 'a'.repeat(64) })).kind, 'lawful');
});

async function forger() {
  const office = await begin();
  const was = await skillIn(office);
  const intent = office.intent('skill.upsert', { skill: 'release' }, ada);
  const forge = async (patch: Partial<Skill>, kept?: object | null, id = '1') => {
    const after = { ...was, updated_at: intent.at, ...patch };
    after.hash = patch.hash ?? skillHash('release', after);
    const old = kept === null ? [] : [versionRecord.put(id, { ...asVersion(was), ...kept }, 'release')];
    return (await office.forge([skillRecord.put('release', after), ...old], intent))?.law ?? 'lawful';
  };
  return { office, was, intent, forge };
}

t.test('skill.form: hash, author and time cannot be made up', async t => {
  const { office, was, intent, forge } = await forger();
  const next = { body: 'new', version: 2 };
  t.equal(await forge(next), 'lawful');
  t.equal(await forge({ ...next, hash: was.hash }), 'skill.form');
  t.equal(await forge({ ...next, updated_by: 'bob' }), 'skill.form');
  t.equal(await forge({ ...next, created_by: 'bob' }), 'skill.form');
  t.equal(await forge({ ...next, updated_at: was.updated_at }), 'skill.form');
  t.equal(await forge({}, null), 'skill.form', 'the same words have the same time');
  t.equal(await forge({ ...next, description: 'a\nb' }), 'record.schema');
  t.equal(await forge({ ...next, body: 'a\u001bb' }), 'record.schema');
  const odd = { ...was, hash: skillHash('a--b', was), created_at: intent.at, updated_at: intent.at };
  t.equal((await office.forge([skillRecord.put('a--b', odd)], intent))?.law, 'skill.form');
});

t.test('skill.version and skill.kept: numbers rise by one, and the past is what it was', async t => {
  const { office, was, intent, forge } = await forger();
  t.equal(await forge({ body: 'new', version: 3 }), 'skill.version');
  t.equal(await forge({ body: 'new', version: 1 }), 'skill.version');
  t.equal(await forge({ updated_at: was.updated_at, version: 2 }, null), 'skill.version');
  t.equal(await forge({ body: 'new', version: 2 }, null), 'skill.version', 'the version before is not kept');
  t.equal(await forge({ body: 'new', version: 2 }, { by: 'bob' }), 'skill.version', 'under another name');
  t.equal(await forge({ body: 'new', version: 2 }, {}, '7'), 'skill.version', 'under another number');
  const alone = versionRecord.put('1', asVersion(was), 'release');
  t.equal((await office.forge([alone], intent))?.law, 'skill.kept', 'nothing replaces it');
  const fresh = { ...was, created_at: intent.at, updated_at: intent.at, hash: skillHash('fresh', was) };
  const file = (version: number) => skillRecord.put('fresh', { ...fresh, version });
  t.equal((await office.forge([file(2)], intent))?.law, 'skill.version', 'a first version is 1');
  t.equal(await office.forge([file(1)], intent), undefined);
  const stray = versionRecord.put('1', asVersion(was), 'fresh');
  t.equal((await office.forge([file(1), stray], intent))?.law, 'skill.kept');
  await office.does('skill.upsert', { skill: 'release', ...words, body: 'new' });
  const later = office.intent('skill.upsert', {}, ada);
  const changed = versionRecord.put('1', { ...asVersion(was), by: 'bob' }, 'release');
  t.equal((await office.forge([changed], later))?.law, 'append-only');
  t.equal((await office.forge([versionRecord.remove('1', 'release')], later))?.law, 'record.kept');
  t.equal((await office.forge([skillRecord.remove('release')], later))?.law, 'record.kept');
});

t.test('skill.archived: in the name of its entry, and nothing else changes', async t => {
  const { office, was, intent, forge } = await forger();
  const still = { updated_at: was.updated_at };
  t.equal(await forge({ ...still, archived: { by: 'ada', at: intent.at } }, null), 'lawful');
  t.equal(await forge({ ...still, archived: { by: 'bob', at: intent.at } }, null), 'skill.archived');
  t.equal(await forge({ ...still, archived: { by: 'ada', at: was.created_at } }, null), 'skill.archived');
  t.equal(await forge({ body: 'new', version: 2, archived: { by: 'ada', at: intent.at } }), 'skill.archived');
  await office.does('skill.archive', { skill: 'release' }, ada);
  const { archived } = await skillIn(office);
  const next = { body: 'new', version: 2, ...(archived ? { archived } : {}) };
  t.equal(await forge(next), 'skill.archived', 'no version while it is archived');
});
