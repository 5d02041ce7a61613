/** A field that names a record of this ledger says so at its end, with the kind before it where the kind is not plain. */
export const REFERENCE_END = /_(?:id|ref)s?$/;

/**
 * Fields of records that name another one by its id or key and are called otherwise: what a task, a project or an actor is
 * called in every tracker, or older than the rule. Entries of the book hold these names, so they stay; nothing new goes in
 * here. By the last part of the field, or by `kind path` where a name means two things.
 */
export const REFERENCE_NAMES: Readonly<Record<string, string>> = {
  actor: 'actor: who it is by, or whose it is',
  answered_by: 'actor',
  assignee: 'actor',
  at_task: 'task: the last one of a release',
  by: 'actor; of a ruling that is history the decision that took its place',
  created_by: 'actor',
  criterion: 'criterion of its task (`c1`)',
  depends_on: 'tasks that must be done first',
  'handoff hold.offer.id': 'handoff that the claim is offered to',
  left: 'tasks and references of the ledger that it came from',
  met_by: 'actor',
  owner: 'actor',
  parent: 'the record of its own kind above it: task, project, run',
  previous: 'release: the one before',
  project: 'project',
  proof: 'proof of its task',
  repo: 'repository',
  'reserved live.id': 'reservation',
  review: 'handoff: the present review',
  reviewer: 'actor',
  root: 'claim: the commit at its beginning',
  run: 'run',
  supersedes: 'decision',
  'task hold.offer.id': 'handoff that the claim is offered to',
  to: 'actors or roles that something is offered to',
  updated_by: 'actor',
  waived: 'tasks among `depends_on`',
  workers: 'actors',
};

/**
 * Strings of records that an id would fit into and that name no record of this ledger: names of their own, times, what is
 * called so outside, texts of machines. A new one is entered here, so that somebody asked what it is.
 */
export const OTHER_NAMES: ReadonlySet<string> = new Set(
  [
    // their own
    'events.agent events.source actor.name key.op ledger.ledger run.series run.host task.criteria.id',
    // outside: git, other ledgers, hosts, channels
    'also_asked authority branch default_branch fingerprint forked_from.ledger adopted.ledger media_type namespace tip',
    'code_ref.name source.ref key slot',
    // times
    'added_at at created_at ended_at last_at lease_until since started_at updated_at',
    // files, commands, what they print, other texts
    'base64 change check expected_outputs files kind output_tail path paths policies test_commands blob.text',
  ].flatMap(line => line.split(' ')),
);
