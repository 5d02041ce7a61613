import * as z from 'zod/mini';
import type { Tip } from '../../book/book.ts';
import { FORMAT, type Intent } from '../../kernel/entry.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { mark, word } from '../../kernel/fields.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { instant } from '../../kernel/time.ts';
import { ownKeyPort } from '../../rooms/actors/key_add.ts';
import { actorRecord } from '../../rooms/actors/record.ts';
import { type Ledger, ledgerRecord } from '../../rooms/ledger/record.ts';
import type { Clone } from '../clone.ts';
import { NAMESPACES } from '../namespaces.ts';
import { type FoundLedger, type Site, type SiteRemote, sitePort } from '../site.ts';
import { sync } from '../sync.ts';

interface InitInput {
  remote?: string;
  home?: string;
  namespace?: string;
  publish?: boolean;
}

export const initOperation = defineOperation<InitInput>({
  name: 'init',
  kind: 'act',
  bare: true,
  enters: true,
  cliOnly: true,
  toolset: 'ledger',
  summary: 'Make this repository keep a ledger, or join the one its remote has; says what it did',
  input: () =>
    z.strictObject({
      remote: z.optional(word()),
      home: z.optional(mark(z.string().check(z.minLength(1), z.maxLength(2000)), { machine: true })),
      namespace: z.optional(z.enum(NAMESPACES)),
      publish: z.optional(z.boolean()),
    }),
  examples: [
    { cli: 'ledgenter init', says: 'create or join, with the remote that is there' },
    { cli: 'ledgenter init --remote upstream', says: 'claims are decided at upstream' },
    { cli: 'ledgenter init --home git@example.com:team/ledger.git', says: 'keep the ledger in another repository' },
  ],
  async act(context, input) {
    const site = await context.use(sitePort);
    const git = await site.checkGit();
    if (input.home !== undefined) await site.moveHome(input.home);
    const did: string[] =
      input.home === undefined ? [] : ['the ledger of this checkout lives in its home repository now'];
    const remote = await chooseRemote(site, input.remote);
    const asked = input.namespace ?? site.setting('namespace');
    const found = remote ? await findLedger(site, remote, asked, did) : undefined;
    const namespace = asked ?? found ?? NAMESPACES[0];
    if (input.remote !== undefined && remote) await site.configure('remote', remote.name);
    const clone = await site.clone({ ...(remote ? { remote: remote.name } : {}), namespace });
    const created = (await clone.book.tryTip()) === undefined;
    await clone.book.found();
    if (found !== undefined && !clone.self) await join(clone, context, created, did);
    await record(clone, context, { authority: remote?.fingerprint, namespace, joined: found !== undefined }, did);
    const published = await publish(site, clone, context, remote, found !== undefined, input.publish, did);
    return answer(clone, context, {
      git,
      remote,
      namespace,
      created,
      joined: found !== undefined && created,
      published,
      did,
    });
  },
});

/** @throws LedgerError CHOOSE_REMOTE when several could decide and nobody is there to ask; NOT_FOUND for an unknown one */
async function chooseRemote(site: Site, asked: string | undefined): Promise<SiteRemote | undefined> {
  const remotes = await site.remotes();
  const named = asked ?? site.setting('remote');
  if (named !== undefined) {
    const chosen = remotes.find(remote => remote.name === named);
    if (chosen) return chosen;
    throw new LedgerError('NOT_FOUND', `no remote ${JSON.stringify(named)} here`, { hint: 'git remote -v' });
  }
  const authority = await knownAuthority(site);
  const matching = authority === undefined ? [] : remotes.filter(remote => remote.fingerprint === authority);
  if (matching.length > 0) return matching.find(remote => remote.name === 'origin') ?? matching[0];
  if (remotes.length <= 1) return remotes[0];
  const names = remotes.map(remote => remote.name);
  const keeping = await keepers(site, remotes);
  if (keeping.length === 1) return keeping[0];
  if (site.ask) {
    const name = await site.ask('Which remote decides who wins a claim?', names);
    return remotes.find(remote => remote.name === name);
  }
  throw new LedgerError('CHOOSE_REMOTE', `several remotes could decide claims: ${names.join(', ')}`, {
    hint: `ledgenter init --remote ${names.includes('origin') ? 'origin' : names[0]}`,
    details: { remotes: names },
  });
}

/** Remotes that keep a ledger of this name already. */
async function keepers(site: Site, remotes: SiteRemote[]): Promise<SiteRemote[]> {
  const out: SiteRemote[] = [];
  for (const remote of remotes) {
    const ledgers = await site.look(remote.name);
    if (ledgers?.some(one => one.ledger === site.ledger)) out.push(remote);
  }
  return out;
}

async function knownAuthority(site: Site): Promise<string | undefined> {
  return (await known(site))?.authority;
}

/** What the book of this clone says of the ledger, if it has one. */
async function known(site: Site): Promise<Ledger | undefined> {
  const clone = await site.clone();
  const tip = await clone.book.tryTip();
  return tip && clone.book.view(tip.at).get(ledgerRecord, 'ledger');
}

/**
 * The namespace in which the remote keeps this ledger; `init` looks in all of them before it creates.
 * @throws LedgerError OTHER_LEDGER when it is in both, and neither this clone nor the two books say which is meant
 */
async function findLedger(
  site: Site,
  remote: SiteRemote,
  asked: string | undefined,
  did: string[],
): Promise<string | undefined> {
  const ledgers = await site.look(remote.name);
  if (ledgers === undefined) {
    did.push(`${remote.name} cannot be reached now: what is written waits here`);
    return undefined;
  }
  const here = ledgers.filter(one => one.ledger === site.ledger);
  if (here.length < 2) return here[0]?.namespace;
  const named = asked ?? (await known(site))?.namespace;
  return (here.find(one => one.namespace === named) ?? (await ownName(site, remote, here))).namespace;
}

/**
 * Of several books of one name the only one that names the place where it is. Whoever can push can put a second one there
 * that names its place too: then a person says which is meant, for a clone believes ever after what it joined.
 */
async function ownName(site: Site, remote: SiteRemote, here: FoundLedger[]): Promise<FoundLedger> {
  const named = await Promise.all(here.map(one => site.namedBy(remote.name, one)));
  const right = here.filter((one, i) => one.namespace === named[i]);
  if (right.length === 1 && !named.includes(undefined)) return right[0]!;
  const refs = here.map(one => `${one.namespace}/${one.ledger}/book`);
  throw new LedgerError(
    'OTHER_LEDGER',
    `${remote.name} keeps ledger ${site.ledger} twice, at ${refs.join(' and ')}: ask its owner which one is right`,
    { hint: `ledgenter init --namespace <${here.map(one => one.namespace).join('|')}>`, details: { refs } },
  );
}

async function join(clone: Clone, context: Context, first: boolean, did: string[]): Promise<void> {
  const report = await sync(clone, {
    joinOnly: true,
    ...(context.signal ? { signal: context.signal } : {}),
    ...(context.progress ? { progress: context.progress } : {}),
  });
  if (!report.ok) {
    throw new LedgerError(
      'UNREACHABLE',
      `the ledger at ${clone.remote.name} could not be joined: ${report.reason ?? 'it is busy'}`,
      {
        hint: 'ledgenter init',
      },
    );
  }
  const came = `${report.received} entries came in and were verified`;
  did.push(
    first ? `joined the ledger at ${clone.remote.name}: ${came}` : `up to date with ${clone.remote.name}: ${came}`,
  );
}

/** The entry that names authority and namespace; none when the book says so already. */
async function record(
  clone: Clone,
  context: Context,
  wanted: { authority: string | undefined; namespace: string; joined: boolean },
  did: string[],
): Promise<void> {
  const tip = await clone.book.tip();
  const now = await clone.book.view(tip.at).get(ledgerRecord, 'ledger');
  const { authority, namespace } = wanted;
  if (now?.namespace !== undefined && (wanted.joined || (now.authority === authority && now.namespace === namespace)))
    return;
  const { actor, kind, run } = context.who;
  const first =
    clone.book.signatures && now?.namespace === undefined
      ? await (await context.use(ownKeyPort)).publicKey()
      : undefined;
  const intent: Intent = {
    op: 'ledger.init',
    ledger: clone.names.ledger,
    format: FORMAT,
    actor,
    kind,
    run,
    at: instant(clone.now()),
    nonce: clone.nonce(),
    input: {
      namespace,
      ...(authority === undefined ? {} : { authority }),
      ...(first ? { key: first } : {}),
    },
  };
  await clone.book.transact(intent);
  did.push(
    authority === undefined
      ? 'this repository decides claims (it has no remote)'
      : `claims are decided at ${authority}`,
  );
}

/** Says who will be able to read, and asks on a terminal before the first push; without one nothing is pushed yet. */
async function publish(
  site: Site,
  clone: Clone,
  context: Context,
  remote: SiteRemote | undefined,
  joined: boolean,
  asked: boolean | undefined,
  did: string[],
): Promise<boolean> {
  if (!remote || joined) return joined;
  did.push(`everybody who can read ${remote.url} will be able to read the ledger`);
  const yes =
    asked ??
    (site.ask ? (await site.ask(`Publish the ledger at ${remote.name} now?`, ['yes', 'no'])) === 'yes' : false);
  if (!yes) {
    did.push('nothing was pushed; the first `ledgenter sync` or claim publishes it');
    return false;
  }
  const report = await sync(clone, context.signal ? { signal: context.signal } : {});
  did.push(report.ok ? `published at ${remote.name}` : `not published: ${report.reason}`);
  return report.ok;
}

async function answer(
  clone: Clone,
  context: Context,
  facts: {
    git: string;
    remote: SiteRemote | undefined;
    namespace: string;
    created: boolean;
    joined: boolean;
    published: boolean;
    did: string[];
  },
): Promise<{ [key: string]: unknown }> {
  const { git, remote, namespace, created, joined, published, did } = facts;
  const tip: Tip = await clone.book.tip();
  const me = await clone.book.view(tip.at).get(actorRecord, context.who.actor);
  return {
    ledger: clone.names.ledger,
    created: created && !joined,
    joined,
    published,
    namespace,
    remote: remote?.name ?? null,
    actor: context.who.actor,
    role: me?.role ?? 'member',
    git,
    did,
    hints: { next: 'ledgenter task create "First task"' },
  };
}
