import t from 'tap';
import { enact } from '../../src/book/enact.ts';
import type { Witnessed } from '../../src/book/signatures.ts';
import { trustWritten } from '../../src/exchange/trust.ts';
import { LedgerError } from '../../src/kernel/errors.ts';
import { type FileChange, Overlay, type Reader, View } from '../../src/kernel/view.ts';
import { actorRecord } from '../../src/rooms/actors/record.ts';
import { historyPort } from '../../src/rooms/logbook/ports.ts';
import { nothing } from '../../src/rooms/nothing.ts';
import { needVersion } from '../../src/rooms/plans/look.ts';
import type { Task } from '../../src/rooms/tasks/record.ts';
import { MemoryDesk } from '../../src/store/memory/desk.ts';
import { Acceptance } from '../../src/surfaces/prove/accepted.ts';
import { chosen } from '../../src/surfaces/prove/choose.ts';
import { confirmed } from '../../src/surfaces/prove/trust.ts';
import { ada, bob, checker, eve, type Person, person, rulebook, TestOffice } from '../rooms/office.ts';
import { sshKey } from '../ssh-key.ts';

const INIT = { namespace: 'refs/ledgenter', authority: 'github/acme/app' };
const PLAN = {
  goal: 'Sweep every minute',
  acceptance_criteria: [{ text: 'swept every minute', check: 'npm test' }],
  todos: [{ text: 'Wire the timer in', hint: 'its test passes' }],
};
const [EVES, BOBS, ZOES, NEXT] = [sshKey('eve'), sshKey('bob'), sshKey('zoe'), sshKey('next')];
const by = ({ fingerprint }: { fingerprint: string }) => `good:${fingerprint}`;
const zoe = person('zoe', 'human');

/** A state that later entries leave as it is. */
async function frozen(reader: Reader): Promise<View> {
  const files: FileChange[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const name of await reader.list(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const text = await reader.read(path);
      if (text === undefined) await walk(path);
      else files.push({ path, text });
    }
  };
  await walk('');
  return new View(new Overlay(nothing, files));
}

/** Eve is maintainer, with a key; ada planned a task whose check came with the plan. Nobody wrote it here. */
class Scene {
  readonly office = new TestOffice();
  readonly desk = new MemoryDesk();
  id = '';
  /** Entries, oldest first, that the history is asked for. */
  readonly #witnessed: (Witnessed & { records: string[] })[] = [];

  static async open(): Promise<Scene> {
    const scene = new Scene();
    const { office } = scene;
    await office.does('ledger.init', { ...INIT, key: EVES.key }, eve, { signature: by(EVES) });
    scene.id = await office.creates({ plan_required: true }, eve);
    await office.does('plan.propose', { task_id: scene.id, ...PLAN }, ada);
    return scene;
  }

  /** Lands an entry that somebody, here or elsewhere, wrote. */
  async lands(op: string, input: object, who: Person, signature?: string, here = false): Promise<void> {
    const { office } = this;
    const before = await frozen(office.state);
    const intent = office.intent(op, input, who);
    const { state } = office;
    const done = await enact(rulebook, state, intent, office.stamp(intent), state, signature, checker);
    if (done.kind !== 'lawful') throw done.kind === 'refused' ? done.error : new Error(done.kind);
    state.apply(done.files);
    const proof = signature === undefined ? { state: 'none' as const } : await checker('', signature, []);
    const records = done.changes.map(({ def, id }) => `${def.room}/${id}`);
    this.#witnessed.push({ before, after: await frozen(state), entry: done.entry, proof, records });
    if (here) await trustWritten(this.desk, who.actor, done);
  }

  async accepts(who: Person, signature?: string, { here = false } = {}): Promise<void> {
    const { version, sha256 } = await needVersion(this.office.view, this.id);
    const input = { task_id: this.id, note: 'Good.', version, sha256 };
    await this.lands('plan.accept', input, who, signature, here);
  }

  /** Gives a key to an actor. */
  gives(actor: string, { key }: { key: string }, who: Person, signature?: string): Promise<void> {
    return this.lands('actor.key_add', { actor, key }, who, signature);
  }

  /** What bob, or another, is told when the checks of the task are to be run; `runs` when they are. */
  async says(who: Person = bob, patch: Partial<Task> = {}): Promise<string> {
    const { office, id } = this;
    const history = {
      entries: async ({ op }: { op: string }) => ({
        rows: this.#witnessed
          .map(({ entry, records }, index) => ({ oid: `${index}`, op: entry.intent.op, records }))
          .filter(row => row.op === op)
          .reverse(),
      }),
    };
    const context = office.context(who, { [historyPort.name]: history });
    const task = { ...(await office.task(id)), ...patch };
    const accepted = new Acceptance(context, id, task, {
      desk: this.desk,
      witnessed: async oid => this.#witnessed[Number(oid)],
    });
    try {
      await confirmed(accepted, id, await chosen(office.view, id, task, undefined), undefined);
      return 'runs';
    } catch (error) {
      if (error instanceof LedgerError && error.code === 'REFUSED') return error.message;
      throw error;
    }
  }
}

const ASKED = /^c1 of t-\w+ runs what you did not write here \([0-9a-f]{16}; (.*)\): npm test$/;
const PLAINLY = /^c1 of t-\w+ runs what you did not write here \([0-9a-f]{16}\): npm test$/;
const why = (says: string): string | undefined => ASKED.exec(says)?.[1];

t.test('a check runs where a person whose key a maintainer answers for accepted it, signed', async t => {
  const scene = await Scene.open();
  await scene.accepts(eve, by(EVES));
  t.equal(await scene.says(), 'runs');
  t.equal(await scene.says(ada), 'runs', 'for whoever proves it');

  t.test('of the criterion as it was accepted, and of that plan only', async t => {
    const { criteria } = await scene.office.task(scene.id);
    const c1 = criteria[0]!;
    t.match(await scene.says(bob, { criteria: [{ ...c1, text: 'swept every hour' }] }), PLAINLY);
    t.match(await scene.says(bob, { criteria: [{ ...c1, check: 'npm run deploy' }] }), /: npm run deploy$/);
    t.match(await scene.says(bob, { plan: { version: 1, sha256: 'a'.repeat(64) } }), PLAINLY);
    const { plan: _none, ...bare } = await scene.office.task(scene.id);
    t.match(await scene.says(bob, { ...bare, plan: undefined as never }), PLAINLY);
  });

  t.test('never of a task from elsewhere', async t => {
    t.match(await scene.says(bob, { imported: true }), PLAINLY);
    t.match(await scene.says(bob, { adopted: {} as never }), PLAINLY);
  });

  t.test('while the key and the person stand as they did', async t => {
    const actor = (await scene.office.view.get(actorRecord, 'eve'))!;
    const { keys: _keys, ...keyless } = actor;
    const with_ = async (record: typeof actor) => {
      scene.office.state.apply([actorRecord.put('eve', record)]);
      return why(await scene.says());
    };
    t.equal(await with_(keyless), 'accepted by eve, with a key taken away since');
    t.equal(await with_({ ...actor, kind: 'agent' }), 'accepted by eve, whom the ledger does not know as a person');
    t.equal(await with_({ ...actor, role: 'member' }), 'accepted by eve, for whose key no maintainer answers');
    t.equal(await with_(actor), undefined);
  });

  t.test('whatever is said unsigned afterwards', async t => {
    await scene.accepts(eve);
    t.equal(await scene.says(), 'runs');
  });
});

t.test('an acceptance that is not shown to be a person’s keeps asking, and says why', async t => {
  t.test('nobody accepted it', async t => {
    const scene = await Scene.open();
    await scene.office.does('task.update', { task_id: scene.id, add_criteria: PLAN.acceptance_criteria }, ada);
    t.match(await scene.says(), PLAINLY);
  });

  t.test('unsigned, as anybody writes it who can push', async t => {
    const scene = await Scene.open();
    await scene.accepts(eve);
    t.equal(why(await scene.says()), 'accepted by eve, but unsigned');
    await scene.accepts(person('eve', 'human', 'another'));
    t.equal(why(await scene.says(eve)), 'accepted by eve, but unsigned', 'also to her, where she did not say it');
  });

  t.test('with what proves nothing', async t => {
    const scene = await Scene.open();
    await t.rejects(scene.accepts(eve, by(ZOES)), { message: /not one of eve/ }, 'another’s key is unlawful');
    await scene.accepts(zoe, by(ZOES));
    t.match(why(await scene.says()), /^accepted by zoe, but unproven: .* is no key of zoe/);
  });

  t.test('by an agent that a policy lets accept, signed or not, here or elsewhere', async t => {
    const scene = await Scene.open();
    const { office } = scene;
    await office.does('ledger.policy', { agents_accept_plans: true }, eve, { signature: by(EVES) });
    await office.creates({}, bob);
    await office.does('actor.key_add', { actor: 'bob', key: BOBS.key }, eve, { signature: by(EVES) });
    await scene.accepts(bob, by(BOBS), { here: true });
    t.equal(why(await scene.says()), 'accepted by bob, who is no person', 'to himself too');
    // Where the policy lets agents accept, the laws ask nobody whether they are a person.
    await scene.accepts(person('bob', 'human'), by(BOBS));
    t.equal(why(await scene.says()), 'accepted by bob, whom the ledger does not know as a person');
  });

  t.test('by a person who entered alone, with a key of their own', async t => {
    const scene = await Scene.open();
    const { office } = scene;
    await office.creates({}, zoe);
    await scene.gives('zoe', ZOES, zoe);
    const alone = 'accepted by zoe, for whose key no maintainer answers';
    await scene.accepts(zoe, by(ZOES));
    t.equal(why(await scene.says()), alone);
    await scene.gives('zoe', NEXT, zoe, by(ZOES));
    await scene.accepts(zoe, by(NEXT));
    t.equal(why(await scene.says()), alone, 'nor with the next, signed with that one');
    await office.does('ledger.policy', { require_signatures: true }, eve, { signature: by(EVES) });
    await scene.accepts(zoe, by(NEXT));
    t.equal(why(await scene.says()), alone, 'nor once signatures are required');
    await scene.gives('zoe', BOBS, eve, by(EVES));
    t.equal(why(await scene.says()), alone, 'what she signed before does not change');
    await scene.accepts(zoe, by(BOBS));
    t.equal(await scene.says(), 'runs', 'with a key that a maintainer gave');
  });
});

t.test('a person who is no maintainer accepts with a key that one gave, and with the next', async t => {
  const scene = await Scene.open();
  const { office } = scene;
  await office.does('actor.register', { actor: 'zoe', kind: 'human' }, eve, { signature: by(EVES) });
  await scene.gives('zoe', ZOES, eve, by(EVES));
  await scene.accepts(zoe, by(ZOES));
  t.equal(await scene.says(), 'runs');
  await scene.gives('zoe', NEXT, zoe, by(ZOES));
  await office.does('actor.key_remove', { actor: 'zoe', fingerprint: ZOES.fingerprint }, zoe, { signature: by(NEXT) });
  t.equal(why(await scene.says()), 'accepted by zoe, with a key taken away since');
  await scene.accepts(zoe, by(NEXT));
  t.equal(await scene.says(), 'runs');
});

t.test(
  'what a person accepted through this clone runs for that person, unsigned and whoever wrote the criterion',
  async t => {
    const scene = await Scene.open();
    await scene.office.does('task.update', { task_id: scene.id, add_criteria: PLAN.acceptance_criteria }, ada);
    t.match(await scene.says(eve), PLAINLY);
    await scene.accepts(eve, undefined, { here: true });
    t.equal(await scene.says(eve), 'runs');
    t.equal(why(await scene.says(bob)), 'accepted by eve, but unsigned', 'and for nobody else');
  },
);
