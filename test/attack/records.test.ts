import t from 'tap';
import { parseEntry } from '../../src/book/entry.ts';
import type { Json } from '../../src/kernel/canonical.ts';
import { type Project, projectRecord } from '../../src/rooms/projects/record.ts';
import { rowsLines } from '../../src/surfaces/cli/render/generic.ts';
import { textWidth } from '../../src/surfaces/cli/terminal.ts';
import { person, TestOffice } from '../rooms/office.ts';

const mallory = person('mallory');
const long = 'é'.repeat(100_000);

t.test('no field of a record is longer than its operation would write it', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  for (const estimate of [long, '1h\u001b[2J', 'soon', `${'0'.repeat(100)}1h`])
    t.equal(await office.breaks(id, { estimate }, mallory), 'record.schema', `estimate ${estimate.slice(0, 20)}`);
  t.equal(await office.breaks(id, { estimate: '4h' }, mallory), 'lawful');
  const law = async (patch: Partial<Project>) => {
    const intent = office.intent('project.create', {}, mallory);
    const { actor: created_by, at } = intent;
    const record = { title: 'x', status: 'active' as const, created_by, created_at: at, updated_at: at, ...patch };
    const files = [...(await office.enrolled(intent)), projectRecord.put('sweeper', record)];
    return (await office.forge(files, intent))?.law ?? 'lawful';
  };
  for (const patch of [{ owner: long }, { start_on: long }, { target_on: 'never' }])
    t.equal(await law(patch), 'record.schema', Object.keys(patch)[0]!);
  t.equal(await law({ owner: 'ada', start_on: '2026-03-02' }), 'lawful');
});

t.test('a table of long cells in another script ends, each character counted', t => {
  // Ordinary: a task with as many and as long labels as it may have.
  const labels = Array.from({ length: 200 }, (_, n) => `${'é'.repeat(61)}${n}`);
  const rows = Array.from({ length: 20 }, (_, n) => ({ id: `t-${n}`, labels, title: 'x' }));
  const lines = rowsLines(rows, { width: 80, colour: false });
  t.equal(lines.length, 21);
  for (const line of lines.slice(1)) t.match(line, /^t-\d+ +é.*… +x$/);
  t.equal(textWidth(`${long}漢`), 100_002);
  const family = '👩‍👩‍👧';
  t.equal(textWidth(family.repeat(1_000)), 2_000, 'no cluster is torn where the text is split');
  t.end();
});

t.test('an entry nested without end is none, on every machine', t => {
  const text = (depth: number): string => {
    let deep: Json = 1;
    for (let n = 0; n < depth; n++) deep = [deep];
    const { nonce, ...intent } = new TestOffice().intent('task.note', {}, mallory);
    const stamp = { landed: intent.at, n: 1, writer: 'w1' };
    return `x\n\n${JSON.stringify(sorted({ intent: { ...intent, nonce, input: { deep } }, stamp }))}\n`;
  };
  t.match(parseEntry({ message: text(20) }), { intent: { op: 'task.note' } });
  for (const depth of [100, 2_000]) t.match(parseEntry({ message: text(depth) }), { problem: /entry/ });
  t.end();
});

/** Keys in canonical order, whatever the depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
