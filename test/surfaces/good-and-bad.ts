import { fileURLToPath } from 'node:url';
import { type ErrorCode, EXIT } from '../../src/kernel/errors.ts';
import { sshKey } from '../ssh-key.ts';

/** A folder of another system's files that comes with the sources. */
const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: answers of every operation pass here
export type Answer = any;
export type Input = { [key: string]: unknown };

/** What a sample may ask for: the stage on which an operation is walked. `anna` is who walks, `bob` somebody else. */
export interface Kit {
  /** A number that was not given before. */
  n(): number;
  /** An operation carried out by anna, here; it must work. */
  anna(tool: string, input: Input): Promise<Answer>;
  /** The same by bob in his own clone; what he wrote is known to anna when it answers. */
  bob(tool: string, input: Input): Promise<Answer>;
  /** A commit of the repository. */
  commit: string;
  /** A file with this text, by absolute path. */
  file(name: string, text: string): string;
  /** The ledger of this clone as `export` writes it: the file. */
  exported(): Promise<string>;
  /** An entry of this clone that a law refused: its id. */
  parked(): Promise<string>;
}

/** One good and one bad input of an operation. */
export interface Sample {
  /** An input that works, made anew at every call: what must exist for it is made first. */
  good(kit: Kit): Input | Promise<Input>;
  /** Another good input, with fields that cannot stand beside those of the first. */
  variant?(kit: Kit): Input | Promise<Input>;
  /** Why even the good input is refused here. */
  refused?: ErrorCode;
  /** Exit code of the CLI on the good input; default 0. */
  exit?: number;
  /** An input that is refused, and as what; default BAD_INPUT. */
  bad: Input;
  code?: ErrorCode;
  /** It never fails: the bad input gets silence and exit code 0. */
  silent?: true;
  /** Another input that the schema takes, for writes whose good input is always the same. */
  other?: Input;
}

const NO_TASK = { task_id: 't-0000000000' };
const NO_HANDOFF = { handoff_id: 'h-0000000000' };
const UNKNOWN = { no_such_field: true };

const task = async (kit: Kit, fields: Input = {}): Promise<string> =>
  (await kit.anna('task_create', { title: `Task ${kit.n()}`, ...fields })).task.id;

const claimed = async (kit: Kit, fields: Input = {}): Promise<string> => {
  const task_id = await task(kit, fields);
  await kit.anna('task_claim', { task_id });
  return task_id;
};

const finished = async (kit: Kit): Promise<string> =>
  (await kit.anna('task_record', { title: `Done ${kit.n()}`, summary: 'Done.', evidence: 'it runs' })).task.id;

const released = async (kit: Kit): Promise<string> => {
  const version = `0.${kit.n()}`;
  await kit.anna('release_tag', { version, at_task: await finished(kit) });
  return version;
};

/** A task that agents may accept plans of, and a plan for it by bob. */
const planned = async (kit: Kit): Promise<string> => {
  const key = `project-${kit.n()}`;
  await kit.anna('project_create', { project: key, title: 'A project', policy: { agents_accept_plans: true } });
  const task_id = await task(kit, { project: key });
  await kit.anna('sync', {});
  await kit.bob('plan_propose', plan(task_id));
  return task_id;
};
const plan = (task_id: string): Input => ({
  task_id,
  goal: 'It sweeps every minute',
  acceptance_criteria: [{ text: 'it sweeps', check: 'git --version' }],
  todos: [{ text: 'Wire the timer into it', hint: 'its test passes' }],
  files: ['src/sweep/**'],
  test_commands: ['npm test'],
});
const asking = async (kit: Kit): Promise<string> => {
  const task_id = await task(kit);
  await kit.anna('question_ask', { task_id, questions: ['Which clock?', 'How long?'], required: true });
  return task_id;
};

/** A task that anna holds, with a commit and a todo. */
const underWay = async (kit: Kit, fields: Input = {}): Promise<Input & { task_id: string; todo_id: string }> => {
  const task_id = await claimed(kit, fields);
  await kit.anna('task_code_ref', { task_id, ref_type: 'commit', sha: kit.commit });
  await kit.anna('todo_add', { task_id, text: `Sweep ${kit.n()}` });
  return { task_id, todo_id: 'todo-1' };
};

const project = async (kit: Kit): Promise<string> => {
  const key = `project-${kit.n()}`;
  await kit.anna('project_create', { project: key, title: 'A project' });
  return key;
};

const skill = async (kit: Kit): Promise<string> => {
  const key = `skill-${kit.n()}`;
  await kit.anna('skill_upsert', { skill: key, description: 'How we do it', body: 'Do it.' });
  return key;
};

const decision = async (kit: Kit): Promise<string> =>
  (await kit.anna('decision_log', { title: `Ruling ${kit.n()}`, choice: 'UTC', rationale: 'zones' })).decision.id;

const page = async (kit: Kit): Promise<string> =>
  (await kit.anna('knowledge_write', { title: `Page ${kit.n()}`, body: 'What we know.' })).knowledge.id;

const repo = async (kit: Kit): Promise<string> => {
  const slug = `repo-${kit.n()}`;
  await kit.anna('repo_register', { slug });
  return slug;
};

const reserved = async (kit: Kit): Promise<string> =>
  (await kit.anna('reserve_claim', { paths: [`src/part-${kit.n()}`] })).reservation.id;
const stranger = async (kit: Kit): Promise<string> => {
  const actor = `stranger-${kit.n()}`;
  await kit.anna('actor_register', { actor });
  return actor;
};

/** A task that bob worked on, in review: anna may validate it. */
const worked = async (kit: Kit, fields: Input = { acceptance_criteria: [{ text: 'works' }] }): Promise<string> => {
  const task_id = (await kit.bob('task_create', { title: `Task ${kit.n()}`, ...fields })).task.id;
  await kit.bob('task_claim', { task_id });
  await kit.bob('task_update', { task_id, status: 'in_review' });
  return task_id;
};

const intro = async (kit: Kit): Promise<string> =>
  (await kit.anna('intro_write', { title: `Intro ${kit.n()}`, body: 'Read this first.' })).knowledge.id;

const handoff = (kit: Kit, to: string): Input => ({ kind: 'question', to: [to], title: `Which clock? ${kit.n()}` });
const asked = async (kit: Kit): Promise<string> => (await kit.bob('handoff_create', handoff(kit, 'anna'))).handoff.id;
const taken = async (kit: Kit): Promise<string> => {
  const handoff_id = await asked(kit);
  await kit.anna('handoff_claim', { handoff_id });
  return handoff_id;
};
const answered = async (kit: Kit): Promise<string> => {
  const { id } = (await kit.anna('handoff_create', handoff(kit, 'bob'))).handoff;
  await kit.anna('sync', {});
  await kit.bob('handoff_respond', { handoff_id: id, answer: 'The monotonic one' });
  return id;
};

/** A good input that works here, whatever the first one is there to show. */
export const workingInput = (sample: Sample, kit: Kit): Input | Promise<Input> =>
  (sample.refused && sample.variant ? sample.variant : sample.good)(kit);

/** Every operation of the registry by name: one that comes without a sample fails the walk. */
export const SAMPLES: { readonly [operation: string]: Sample } = {
  // orientation
  whoami: { good: () => ({}), bad: UNKNOWN },
  guide: { good: () => ({ topic: 'tasks' }), bad: { topic: 'nothing' } },
  next_action: { good: async kit => ({ task_id: await task(kit) }), bad: NO_TASK, code: 'NOT_FOUND' },
  can: {
    good: async kit => ({ action: 'claim', task_id: await task(kit) }),
    bad: { action: 'dance' },
  },
  context: {
    good: async kit => ({ task_id: await task(kit), for: 'implementer', budget: 1_000 }),
    bad: { ...NO_TASK, for: 'nobody' },
  },
  // runs
  'run.start': {
    good: async kit => {
      await kit.anna('run_start', { kind: 'session' });
      return { kind: 'session' };
    },
    bad: { kind: 'party' },
    other: { series: 'night' },
  },
  // The run of another: the one that walks goes on.
  'run.end': {
    good: async kit => {
      await kit.bob('task_create', { title: `Task ${kit.n()}` });
      return { run_id: (await kit.anna('run_query', { actor: 'bob', open: true })).runs[0].id };
    },
    variant: async kit => {
      await kit.anna('task_create', { title: `Task ${kit.n()}` });
      return { summary: 'all done' };
    },
    other: { summary: 'not yet done' },
    refused: 'REFUSED',
    bad: { counts: { 'no name': 1 } },
  },
  'run.query': { good: () => ({ open: true }), bad: UNKNOWN },
  'run.get': {
    good: async kit => ({ run_id: (await kit.anna('run_query', { limit: 1 })).runs[0].id }),
    bad: { run_id: 'r-0000000000' },
    code: 'NOT_FOUND',
  },
  // What a launcher and a host's hooks run: nothing that is wrong is told to a host.
  guard: { good: async kit => ({ task_id: await task(kit) }), bad: UNKNOWN, exit: EXIT.no },
  poll: { good: () => ({ pool: true }), bad: UNKNOWN, exit: 0 },
  prime: { good: () => ({ again: true }), bad: UNKNOWN, silent: true },
  // actors
  'actor.query': { good: () => ({ role: 'maintainer' }), bad: { role: 'king' } },
  'actor.key_add': {
    good: async kit => ({ actor: await stranger(kit), key: `${sshKey(kit.n()).key} a comment` }),
    bad: { actor: 'bob', key: 'ssh-ed25519 no-key' },
  },
  'actor.key_remove': {
    async good(kit) {
      const actor = await stranger(kit);
      const { key, fingerprint } = sshKey(kit.n());
      await kit.anna('actor_key_add', { actor, key });
      return { actor, fingerprint };
    },
    bad: { actor: 'bob', fingerprint: 'SHA256:short' },
    // Nobody signs on this stage, and keys that are there are changed signed.
    refused: 'NOT_SIGNED',
  },
  'actor.register': { good: kit => ({ actor: `actor-${kit.n()}`, name: 'Grace' }), bad: { actor: '../x' } },
  // the ledger itself
  'ledger.policy': {
    good: kit => ({ requires_evidence: false, claim_grace: `${kit.n() + 100}s` }),
    bad: { claim_grace: 'soon' },
  },
  'ledger.list': { good: () => ({ local: true }), bad: UNKNOWN },
  'ledger.fork': { good: kit => ({ name: `side-${kit.n()}`, switch: false }), bad: { name: 'Not one' } },
  'ledger.switch': { good: () => ({ name: 'main' }), bad: { name: 'nowhere' }, code: 'NOT_FOUND' },
  'ledger.adopt': {
    good: async kit => {
      const name = `side-${kit.n()}`;
      await kit.anna('ledger_fork', { name, switch: false });
      await kit.anna('ledger_switch', { name, keep_claims: true });
      const task_id = await task(kit);
      await kit.anna('ledger_switch', { name: 'main' });
      return { task_id, from: name };
    },
    bad: { ...NO_TASK, from: 'nowhere' },
    code: 'NOT_FOUND',
  },
  'ledger.authority': {
    good: async kit => ({ authority: (await kit.anna('ledger_status', {})).authority }),
    bad: { authority: '' },
    other: { authority: 'github/acme/web' },
  },
  ledger_status: { good: () => ({}), bad: UNKNOWN },
  init: { good: () => ({}), bad: { namespace: 'refs/heads/main' } },
  sync: { good: () => ({}), bad: UNKNOWN },
  verify: { good: () => ({}), bad: { range: '..' } },
  'code.check': { good: () => ({ range: 'HEAD..HEAD' }), bad: { range: '..' } },
  doctor: { good: () => ({}), bad: UNKNOWN },
  repair: { good: () => ({ dry_run: true }), bad: UNKNOWN },
  reindex: { good: () => ({}), bad: UNKNOWN },
  export: { good: kit => ({ file: kit.file('old.ledger', '') }), bad: { file: '.' }, code: 'REFUSED' },
  import: {
    good: async kit => ({ file: await kit.exported(), dry_run: true }),
    bad: { file: 'no-such-file.ledger' },
    code: 'NOT_FOUND',
  },
  snapshot: { good: kit => ({ dir: `${kit.file('pages', '')}.d` }), bad: { dir: '.' }, code: 'REFUSED' },
  'parked.list': { good: () => ({}), bad: UNKNOWN },
  'parked.retry': {
    good: async kit => ({ entry: await kit.parked() }),
    refused: 'KEY_REUSED',
    bad: { entry: '0123' },
    code: 'NOT_FOUND',
  },
  'parked.drop': {
    good: async kit => ({ entry: await kit.parked() }),
    refused: 'HUMAN_ONLY',
    bad: { entry: '0123' },
    code: 'HUMAN_ONLY',
  },
  'import.beads': {
    good: kit => ({
      file: kit.file(
        'issues.jsonl',
        `${JSON.stringify({ id: `b-${kit.n()}`, title: 'From elsewhere', status: 'open' })}\n`,
      ),
    }),
    bad: { file: 'no-such-file.jsonl' },
    code: 'NOT_FOUND',
  },
  'import.backlog': {
    good: () => ({ dir: fixture('backlog'), dry_run: true }),
    bad: { dir: 'no-such-folder' },
    code: 'NOT_FOUND',
  },
  'import.taskledger': {
    good: () => ({ dir: fixture('taskledger'), dry_run: true }),
    bad: { dir: 'no-such-folder' },
    code: 'NOT_FOUND',
  },
  demo: { good: () => ({ agents: 2, tasks: 2 }), bad: { agents: 0 } },
  // the logbook
  'activity.query': { good: () => ({ actor: 'me', limit: 2 }), bad: { since: 'yesterday-ish' } },
  // projects
  'project.create': {
    good: kit => ({ project: `made-${kit.n()}`, title: 'The sweeper', charter: 'It sweeps.', status: 'active' }),
    bad: { project: 'a b', title: 'x' },
  },
  'project.update': {
    good: async kit => ({ project: await project(kit), title: 'Another title' }),
    bad: { project: 'nowhere', title: 'x' },
    code: 'NOT_FOUND',
  },
  'project.query': { good: () => ({ status: ['active'], limit: 2 }), bad: { status: ['asleep'] } },
  'project.brief': {
    good: async kit => ({ project: await project(kit), tasks: 3 }),
    bad: { project: 'nowhere' },
    code: 'NOT_FOUND',
  },
  // repositories
  'repo.register': {
    good: kit => ({ slug: `made-${kit.n()}`, remote_url: `https://github.com/acme/made-${kit.n()}` }),
    bad: { slug: 'x', remote_url: 'no address' },
  },
  'repo.link': {
    good: async kit => ({ project: await project(kit), repo: await repo(kit), paths: ['web'] }),
    bad: { project: 'nowhere', repo: 'x' },
    code: 'NOT_FOUND',
  },
  'repo.unlink': {
    good: async kit => {
      const link = { project: await project(kit), repo: await repo(kit) };
      await kit.anna('repo_link', link);
      return link;
    },
    bad: { project: 'nowhere', repo: 'x' },
    code: 'NOT_FOUND',
  },
  'repo.query': { good: () => ({ limit: 2 }), bad: { repo: 'nowhere' }, code: 'NOT_FOUND' },
  'repo.map': { good: () => ({}), bad: UNKNOWN },
  // tasks
  'task.create': {
    good: kit => ({ title: `Wire it ${kit.n()}`, priority: 1, acceptance_criteria: [{ text: 'it sweeps' }] }),
    bad: { title: 'x', priority: 9 },
  },
  'task.create_many': {
    good: kit => ({
      tasks: [
        { key: 'a', title: `One ${kit.n()}` },
        { key: 'b', title: 'Two', depends_on: ['a'] },
      ],
    }),
    bad: { tasks: [{ key: 'a', title: 'x', depends_on: ['nothing'] }] },
    code: 'NOT_FOUND',
  },
  'task.ask': {
    good: kit => ({ origin_ask_ref: `github:acme/web#${kit.n()}`, title: 'Crash on save' }),
    bad: { origin_ask_ref: 'no reference', title: 'x' },
  },
  'task.intake': {
    good: kit => {
      const number = kit.n();
      const url = `https://github.com/acme/web/issues/${number}`;
      return { from: 'github', file: kit.file('issue.json', JSON.stringify({ number, title: 'Crash', url })) };
    },
    bad: { from: 'github', file: 'code.txt' },
  },
  'task.record': {
    good: kit => ({
      title: `Deployed ${kit.n()}`,
      summary: 'Rolled out',
      changes: ['infra/deploy.sh:run:updated the configuration'],
      evidence: 'no errors since',
      code_refs: [{ name: kit.commit }],
    }),
    variant: kit => ({
      title: `Tried ${kit.n()}`,
      summary: 'Works',
      allow_empty_record: true,
      reason: 'exploring',
      code_refs: [{ name: 'try', ref_type: 'branch' }],
    }),
    bad: { title: 'x', summary: 'y', changes: ['no form'] },
  },
  'task.follow_up': {
    good: async kit => ({ task_id: await finished(kit), title: `Watch it ${kit.n()}`, priority: 1 }),
    bad: { ...NO_TASK, title: 'x' },
    code: 'NOT_FOUND',
  },
  'task.report': {
    good: async kit => ({ task_id: await finished(kit), format: 'json' }),
    bad: NO_TASK,
    code: 'NOT_FOUND',
  },
  'task.activate': { good: async kit => ({ task_id: await task(kit) }), bad: NO_TASK, code: 'NOT_FOUND' },
  'task.get': {
    good: async kit => ({ task_id: await task(kit), include: ['notes', 'refs'] }),
    bad: NO_TASK,
    code: 'NOT_FOUND',
  },
  'task.query': { good: () => ({ ready: true, limit: 3 }), bad: { limit: 0 } },
  'task.tree': { good: async kit => ({ task_id: await task(kit) }), bad: NO_TASK, code: 'NOT_FOUND' },
  'task.claim': { good: async kit => ({ task_id: await task(kit) }), bad: NO_TASK, code: 'NOT_FOUND' },
  'task.renew': { good: async kit => ({ task_id: await claimed(kit) }), bad: NO_TASK, code: 'NOT_FOUND' },
  'task.release': { good: async kit => ({ task_id: await claimed(kit) }), bad: NO_TASK, code: 'NOT_FOUND' },
  'task.update': {
    good: async kit => ({
      task_id: await claimed(kit, { acceptance_criteria: [{ text: 'works' }] }),
      priority: 0,
      note: 'it works',
    }),
    bad: { ...NO_TASK, status: 'finished' },
  },
  'task.note': { good: async kit => ({ task_id: await task(kit), text: 'found out' }), bad: { ...NO_TASK, text: ' ' } },
  'task.link': {
    good: async kit => ({ task_id: await task(kit), kind: 'related', to: await task(kit) }),
    bad: { ...NO_TASK, kind: 'cousin', to: 't-0000000000' },
  },
  'task.unlink': {
    good: async kit => {
      const link = { task_id: await task(kit), kind: 'related', to: await task(kit) };
      await kit.anna('task_link', link);
      return link;
    },
    bad: { ...NO_TASK, kind: 'related', to: 't-0000000000' },
    code: 'NOT_FOUND',
  },
  'task.check': {
    good: async kit => ({ task_id: await claimed(kit, { acceptance_criteria: [{ text: 'works' }] }), criterion: 'c1' }),
    bad: { ...NO_TASK, criterion: 'first' },
  },
  'task.code_ref': {
    good: async kit => ({ task_id: await task(kit), ref_type: 'commit', sha: kit.commit }),
    bad: { ...NO_TASK, ref_type: 'commit', sha: 'HEAD' },
  },
  'task.for': {
    good: async kit => {
      await kit.anna('task_code_ref', { task_id: await task(kit), ref_type: 'commit', sha: kit.commit });
      return { at: kit.commit };
    },
    variant: () => ({ file: 'code.txt', lines: '1' }),
    bad: { at: 'no-such-thing' },
    code: 'NOT_FOUND',
  },
  'code.ref_query': { good: () => ({ ref_type: 'pr', live: true }), bad: { state: 'lost' } },
  'code.ref_update': {
    good: async kit => {
      const pr = `github:acme/web#${kit.n()}`;
      const task_id = await task(kit);
      await kit.anna('task_code_ref', { task_id, ref_type: 'pr', name: pr });
      return { pr, state: 'merged', merged_as: kit.commit };
    },
    bad: { ...NO_TASK, pr: 'somewhere', state: 'open' },
    other: { pr: 'github:acme/web#1', state: 'draft' },
  },
  'task.prove': {
    good: async kit => {
      const task_id = await claimed(kit, { acceptance_criteria: [{ text: 'works', check: 'git --version' }] });
      await kit.anna('task_code_ref', { task_id, ref_type: 'commit', sha: kit.commit });
      return { task_id, criterion: 'c1' };
    },
    bad: { ...NO_TASK, trust: 'yes' },
  },
  // the work on a task
  'todo.add': {
    good: async kit => ({ task_id: await claimed(kit), text: 'Sweep at start', hint: 'npm test', optional: true }),
    bad: { ...NO_TASK, text: ' ' },
  },
  'todo.done': {
    good: async kit => ({ ...(await underWay(kit)), commit: kit.commit, text: 'see the commit' }),
    bad: { ...NO_TASK, todo_id: 'first' },
  },
  'todo.skip': {
    good: async kit => ({ ...(await underWay(kit)), reason: 'the library does it' }),
    bad: { ...NO_TASK, todo_id: 'todo-1', reason: ' ' },
  },
  'todo.block': {
    good: async kit => ({ ...(await underWay(kit)), reason: 'waits for the key' }),
    bad: { ...NO_TASK, todo_id: 'todo-1', reason: ' ' },
  },
  'todo.open': {
    good: async kit => {
      const { task_id, todo_id } = await underWay(kit);
      await kit.anna('todo_block', { task_id, todo_id, reason: 'waits for the key' });
      return { task_id, todo_id };
    },
    bad: { ...NO_TASK, todo_id: '1' },
  },
  'todo.query': {
    good: async kit => ({ task_id: (await underWay(kit)).task_id, status: ['open'] }),
    bad: { ...NO_TASK, status: ['lost'] },
  },
  'todo.next': { good: async kit => ({ task_id: (await underWay(kit)).task_id }), bad: NO_TASK, code: 'NOT_FOUND' },
  'todo.get': { good: underWay, bad: { ...NO_TASK, todo_id: 'todo-0' } },
  'work.log': {
    good: async kit => ({ ...(await underWay(kit)), kind: 'change', text: 'sweeps at start', path: ['src/sweep.ts'] }),
    bad: { ...NO_TASK, kind: 'command', text: 'npm test' },
  },
  'work.query': {
    good: async kit => ({ task_id: await claimed(kit), kind: ['change'] }),
    bad: { ...NO_TASK, kind: ['lost'] },
  },
  'work.run': {
    good: async kit => ({ ...(await underWay(kit)), command: 'git --version' }),
    bad: { ...NO_TASK, command: 'make && make test' },
  },
  // The checkout of the walk is clean: nothing is found but the linked commit.
  'work.scan': { good: async kit => ({ task_id: (await underWay(kit)).task_id }), bad: NO_TASK, code: 'NOT_FOUND' },
  'work.finish': {
    good: async kit => ({ task_id: await claimed(kit), summary: 'it sweeps' }),
    bad: { ...NO_TASK, summary: ' ' },
  },
  'work.restart': {
    good: async kit => {
      const task_id = await claimed(kit, { validation_required: true });
      await kit.anna('work_finish', { task_id, summary: 'it sweeps' });
      await kit.anna('sync', {});
      await kit.bob('validate_finish', { task_id, result: 'failed', summary: 'the corner does not' });
      return { task_id, summary: 'the corner too' };
    },
    bad: { ...NO_TASK, summary: 'x' },
    code: 'NOT_FOUND',
  },
  'work.resume': {
    good: async kit => {
      const task_id = await claimed(kit);
      await kit.anna('task_release', { task_id });
      return { task_id, reason: 'the machine slept' };
    },
    bad: { ...NO_TASK, reason: 'x' },
    code: 'NOT_FOUND',
  },
  'attach.add': {
    good: async kit => ({ task_id: await task(kit), name: 'log.txt', content: 'all green' }),
    variant: async kit => ({
      task_id: await task(kit),
      name: 'log.txt',
      url: 'https://x.test/l',
      sha256: 'a'.repeat(64),
    }),
    bad: { ...NO_TASK, name: 'x', url: 'ftp://x' },
  },
  // releases
  'release.tag': {
    // Tagged again as it is: of several that are tagged at once only one follows the newest.
    good: async kit => ({ version: await released(kit) }),
    bad: { version: 'one two' },
  },
  'release.get': {
    good: async kit => ({ version: await released(kit) }),
    bad: { version: '0.0.0' },
    code: 'NOT_FOUND',
  },
  'release.query': { good: () => ({ limit: 2 }), bad: { limit: 0 } },
  'release.changelog': {
    good: async kit => ({ version: await released(kit), format: 'markdown' }),
    bad: { version: '1.0', since: '0.0.0' },
    code: 'NOT_FOUND',
  },
  // plans
  'plan.propose': {
    good: async kit => plan(await task(kit)),
    bad: { ...NO_TASK, goal: 'x' },
    code: 'NOT_FOUND',
  },
  'plan.template': { good: async kit => ({ task_id: await planned(kit) }), bad: NO_TASK, code: 'NOT_FOUND' },
  'plan.get': { good: async kit => ({ task_id: await planned(kit), version: 1 }), bad: NO_TASK, code: 'NOT_FOUND' },
  'plan.query': { good: async kit => ({ task_id: await planned(kit) }), bad: NO_TASK, code: 'NOT_FOUND' },
  'plan.lint': {
    good: async kit => {
      const task_id = await task(kit);
      await kit.anna('plan_propose', { ...plan(task_id), todos: [] });
      return { task_id, strict: true };
    },
    exit: EXIT.data,
    bad: NO_TASK,
    code: 'NOT_FOUND',
  },
  'plan.diff': {
    good: async kit => {
      const task_id = await planned(kit);
      await kit.anna('plan_propose', { ...plan(task_id), goal: 'It sweeps twice a minute' });
      return { task_id, from: 1, to: 2 };
    },
    bad: { ...NO_TASK, from: 0 },
  },
  'plan.review': { good: async kit => ({ task_id: await planned(kit) }), bad: NO_TASK, code: 'NOT_FOUND' },
  'plan.accept': {
    good: async kit => ({ task_id: await planned(kit), version: 1, note: 'Small steps.' }),
    bad: { ...NO_TASK, note: 'x', sha256: 'short' },
  },
  'plan.reject': {
    good: async kit => ({ task_id: await planned(kit), reason: 'no way back' }),
    bad: { ...NO_TASK, reason: ' ' },
  },
  'question.ask': {
    good: async kit => ({ task_id: await task(kit), questions: ['Which clock?', 'How long?'], required: true }),
    bad: { ...NO_TASK, questions: [] },
  },
  'question.answer': {
    good: async kit => ({ task_id: await asking(kit), answers: ['q1: UTC.', 'q2: 30 days.'] }),
    variant: async kit => ({ task_id: await asking(kit), question_id: 'q1', answer: 'UTC.' }),
    bad: { ...NO_TASK, question_id: 'first', answer: 'x' },
  },
  'question.dismiss': {
    good: async kit => ({ task_id: await asking(kit), question_id: 'q2', reason: 'there are no logs' }),
    bad: { ...NO_TASK, question_id: 'q', reason: 'x' },
  },
  'question.query': {
    good: async kit => ({ task_id: await asking(kit), open: true }),
    bad: NO_TASK,
    code: 'NOT_FOUND',
  },
  // validation
  'validate.status': { good: async kit => ({ task_id: await task(kit) }), bad: NO_TASK, code: 'NOT_FOUND' },
  'validate.check': {
    good: async kit => ({ task_id: await worked(kit), criterion: 'c1', result: 'pass', text: 'it works' }),
    bad: { ...NO_TASK, criterion: 'c1', result: 'maybe', text: 'x' },
  },
  'validate.finish': {
    good: async kit => ({ task_id: await worked(kit), result: 'failed', summary: 'it does not work' }),
    variant: async kit => ({ task_id: await worked(kit, {}), result: 'passed', summary: 'looked at' }),
    bad: { ...NO_TASK, result: 'fine', summary: 'x' },
  },
  // Waivers are a person's on a terminal: here everybody is a program.
  'validate.waive': {
    good: async kit => ({ task_id: await worked(kit), criterion: 'c1', reason: 'not now' }),
    refused: 'HUMAN_ONLY',
    bad: { ...NO_TASK, criterion: 'first', reason: 'x' },
    code: 'HUMAN_ONLY',
  },
  // what a task requires
  'require.add': {
    good: async kit => ({ task_id: await task(kit), on: await task(kit) }),
    bad: { ...NO_TASK, on: 't-0000000000' },
    code: 'NOT_FOUND',
  },
  'require.waive': {
    good: async kit => {
      const link = { task_id: await task(kit), on: await task(kit) };
      await kit.anna('require_add', link);
      return { ...link, reason: 'not now' };
    },
    refused: 'HUMAN_ONLY',
    bad: { ...NO_TASK, on: 't-0000000000', reason: 'x' },
    code: 'HUMAN_ONLY',
  },
  'require.query': { good: async kit => ({ task_id: await task(kit) }), bad: NO_TASK, code: 'NOT_FOUND' },
  // what is linked to a task
  'file.link': {
    good: async kit => ({ task_id: await task(kit), path: `src/part-${kit.n()}.ts`, role: 'edit' }),
    bad: { ...NO_TASK, path: '../elsewhere' },
  },
  'file.status': {
    good: async kit => {
      const task_id = await task(kit);
      await kit.anna('file_link', { task_id, path: 'code.txt' });
      return { task_id };
    },
    bad: NO_TASK,
    code: 'NOT_FOUND',
  },
  'intro.write': {
    good: kit => ({ title: `Intro ${kit.n()}`, body: 'Read this first.' }),
    bad: { title: 'x', body: ' ' },
  },
  'intro.link': {
    good: async kit => ({ task_id: await task(kit), knowledge_id: await intro(kit) }),
    bad: { ...NO_TASK, knowledge_id: 'w-0000000000' },
    code: 'NOT_FOUND',
  },
  // decisions
  'decision.log': {
    good: kit => ({ title: `Clock ${kit.n()}`, choice: 'UTC', rationale: 'two zones', paths: ['src/time/**'] }),
    bad: { title: 'x', choice: 'y' },
  },
  'decision.get': {
    good: async kit => ({ decision_id: await decision(kit) }),
    bad: { decision_id: 'd-0000000000' },
    code: 'NOT_FOUND',
  },
  'decision.query': { good: () => ({ path: 'src/time/zone.ts' }), bad: { limit: 201 } },
  // knowledge
  'knowledge.write': {
    good: kit => ({ title: `Releasing ${kit.n()}`, body: 'Tag, then push.', kind: 'runbook', tags: ['release'] }),
    bad: { title: 'x', body: 'y', kind: 'rumour' },
  },
  'knowledge.get': {
    good: async kit => ({ knowledge_id: await page(kit) }),
    bad: { knowledge_id: 'w-0000000000' },
    code: 'NOT_FOUND',
  },
  'knowledge.query': { good: () => ({ kind: 'runbook', limit: 2 }), bad: { kind: 'rumour' } },
  'knowledge.search': { good: () => ({ query: 'restart' }), bad: { query: '' } },
  search: { good: () => ({ query: 'clock', kind: ['decision', 'note'] }), bad: { query: 'x', kind: ['poem'] } },
  'knowledge.archive': {
    good: async kit => ({ knowledge_id: await page(kit) }),
    bad: { knowledge_id: 'w-0000000000' },
    code: 'NOT_FOUND',
  },
  // work sessions
  'session.pause': {
    good: async kit => ({ task_id: await claimed(kit), reason: 'lunch' }),
    bad: NO_TASK,
    code: 'NOT_FOUND',
  },
  'session.resume': {
    async good(kit) {
      const task_id = await claimed(kit);
      await kit.anna('session_pause', { task_id });
      return { task_id };
    },
    bad: NO_TASK,
    code: 'NOT_FOUND',
  },
  'session.correct': {
    async good(kit) {
      const task_id = await claimed(kit);
      const { sessions } = await kit.anna('session_query', { task_id });
      return { session_id: sessions[0].id, minutes: -kit.n(), reason: 'lunch' };
    },
    refused: 'HUMAN_ONLY',
    bad: { session_id: 'nosuchsession', minutes: 5, reason: 'x' },
    code: 'HUMAN_ONLY',
  },
  'session.query': { good: () => ({ open: true, since: '2026-01-31', limit: 2 }), bad: { since: 'yesterday' } },
  timesheet: {
    good: () => ({ by: ['actor', 'week'], since: '2026-01-31', round: '15m', tz: 'UTC' }),
    variant: () => ({ by: ['label'], format: 'csv' }),
    bad: { by: ['mood'] },
  },
  // handoffs
  'handoff.create': { good: kit => handoff(kit, 'bob'), bad: { kind: 'wish', to: ['bob'], title: 'x' } },
  'handoff.query': { good: () => ({ inbox: true }), bad: { status: ['lost'] } },
  'handoff.get': { good: async kit => ({ handoff_id: await asked(kit) }), bad: NO_HANDOFF, code: 'NOT_FOUND' },
  'handoff.claim': { good: async kit => ({ handoff_id: await asked(kit) }), bad: NO_HANDOFF, code: 'NOT_FOUND' },
  'handoff.respond': {
    good: async kit => ({ handoff_id: await asked(kit), answer: 'The monotonic one' }),
    bad: { ...NO_HANDOFF, answer: 'x' },
    code: 'NOT_FOUND',
  },
  'handoff.ack': { good: async kit => ({ handoff_id: await answered(kit) }), bad: NO_HANDOFF, code: 'NOT_FOUND' },
  'handoff.release': { good: async kit => ({ handoff_id: await taken(kit) }), bad: NO_HANDOFF, code: 'NOT_FOUND' },
  'handoff.cancel': {
    good: async kit => ({ handoff_id: (await kit.anna('handoff_create', handoff(kit, 'bob'))).handoff.id }),
    bad: NO_HANDOFF,
    code: 'NOT_FOUND',
  },
  // reservations
  'reserve.claim': {
    good: kit => ({ paths: [`src/part-${kit.n()}/**`], lease: '30m', reason: 'moving it' }),
    bad: { paths: ['../elsewhere'] },
  },
  'reserve.release': {
    good: async kit => ({ reservation_id: await reserved(kit) }),
    bad: { reservation_id: 'v-0000000000' },
    code: 'NOT_FOUND',
  },
  'reserve.query': { good: () => ({ paths: ['src'], all: true }), bad: { limit: 0 } },
  'reserve.check': { good: () => ({ staged: true, paths: ['docs'] }), bad: {} },
  // skills
  'skill.upsert': {
    good: kit => ({ skill: `made-${kit.n()}`, description: 'How we release', body: '# Release\n\nTag it.' }),
    bad: { skill: 'a b', description: 'x', body: 'y' },
  },
  'skill.get': { good: async kit => ({ skill: await skill(kit) }), bad: { skill: 'none' }, code: 'NOT_FOUND' },
  'skill.query': { good: () => ({ archived: false }), bad: { limit: 0 } },
  'skill.archive': { good: async kit => ({ skill: await skill(kit) }), bad: { skill: 'none' }, code: 'NOT_FOUND' },
  setup: { good: () => ({ host: 'claude', dry_run: true }), bad: { host: 'notepad' } },
  'hooks.refresh': { good: () => ({}), bad: UNKNOWN },
  'hooks.run': { good: () => ({ hook: 'post-merge' }), bad: UNKNOWN },
  'hooks.install': { good: () => ({ dry_run: true }), bad: UNKNOWN },
  'event.log': {
    good: kit => ({ event: 'task_start', summary: `Began ${kit.n()}`, data: { attempt: 1 } }),
    bad: { event: 'sleep', summary: 'x' },
  },
  'event.query': { good: () => ({ event: ['error'] }), bad: { event: ['sleep'] } },
  'event.validate': {
    good: kit => ({
      file: kit.file(
        `events-${kit.n()}.jsonl`,
        `${JSON.stringify({ ts: '2026-03-02T09:00:00Z', agent: 'ada', event: 'heartbeat', summary: 'alive' })}\n`,
      ),
    }),
    bad: UNKNOWN,
  },
  'event.export': { good: kit => ({ dir: `${kit.file(`exported-${kit.n()}`, '')}.d` }), bad: UNKNOWN },
  'run.summary': {
    good: async kit => ({ run_id: (await kit.anna('run_start', {})).run.id }),
    bad: { run_id: 'r-0000000000' },
    code: 'NOT_FOUND',
  },
  'hooks.status': { good: () => ({}), exit: EXIT.no, bad: UNKNOWN },
  'hooks.uninstall': { good: () => ({ dry_run: true }), bad: UNKNOWN },
  leave: { good: () => ({ dry_run: true, keep_hosts: true }), refused: 'REFUSED', bad: UNKNOWN },
  'skill.sync': { good: () => ({ host: ['claude'], dry_run: true }), exit: 1, bad: { host: ['notepad'] } },
};
