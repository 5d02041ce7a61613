import { LedgerError } from '../../kernel/errors.ts';
import type { Site } from '../site.ts';
import { type Area, type Finding, finding } from './findings.ts';
import { caught, type Look } from './look.ts';

/** Loose objects from which on every look-up is slower: `git gc` packs them. */
const MANY_LOOSE = 20_000;

export async function checkGit(site: Site): Promise<Area> {
  const version = await caught(() => site.checkGit());
  if (!(version instanceof LedgerError)) return { check: 'git', good: `git ${version}`, findings: [] };
  const bad = finding('git.unfit', { what: version.message, where: 'git', next: version.hint });
  return { check: 'git', good: '', findings: [bad] };
}

export async function checkHooks(site: Site): Promise<Area> {
  const hooks = await caught(() => site.hooks());
  if (hooks instanceof LedgerError) {
    const bad = finding('hooks.broken', { what: hooks.message, where: 'git hooks', next: hooks.hint });
    return { check: 'hooks', good: '', findings: [bad] };
  }
  const { state, says, mend } = hooks;
  if (state === 'good') return { check: 'hooks', good: says, findings: [] };
  const code = state === 'fault' ? 'hooks.broken' : 'hooks.absent';
  const next = mend ?? 'ledgenter hooks status';
  return { check: 'hooks', good: '', findings: [finding(code, { what: says, where: 'git hooks', next })] };
}

/** Settings that work against the ledger, and the state of the object store. */
export async function checkSettings({ site, premises, record, clone }: Look): Promise<Area> {
  const findings: Finding[] = [];
  const namespace = site.setting('namespace');
  if (namespace !== undefined && record?.namespace !== undefined && namespace !== record.namespace)
    findings.push(
      finding('config.namespace', {
        what: `it is ${namespace}, and the ledger is kept under ${record.namespace}`,
        where: 'ledgenter.namespace',
        next: 'git config --unset ledgenter.namespace',
      }),
    );
  const remote = site.setting('remote');
  if (remote !== undefined && !(await site.remotes()).some(({ name }) => name === remote))
    findings.push(
      finding('config.remote', {
        what: `it is ${JSON.stringify(remote)}, which is no remote here`,
        where: 'ledgenter.remote',
        next: 'git remote -v, then: git config ledgenter.remote <name>',
      }),
    );
  for (const [name, values] of premises.remoteSettings()) {
    const [, own, what] = /^remote\.(.+)\.(fetch|push|mirror)$/s.exec(name) ?? [];
    if (what === 'mirror' && values.at(-1) !== 'false' && clone.remote.name === own)
      findings.push(
        finding('config.mirror', {
          what: `a plain push to ${own} deletes every ref there that is not here`,
          where: name,
          next: `git config --unset-all ${name}`,
        }),
      );
    const spec = what === 'mirror' ? undefined : values.find(value => /refs\/ledgenter(\/|$)/.test(value));
    if (spec !== undefined)
      findings.push(
        finding('config.refspec', {
          what: `${spec} meets claims that come and go: concurrent fetches fail, and pushes undo others’ work`,
          where: name,
          next: `git config --unset-all --fixed-value ${name} '${spec}'`,
        }),
      );
  }
  return { check: 'settings', good: 'no setting works against the ledger', findings };
}

export async function checkObjects({ premises }: Look): Promise<Area> {
  const { loose, partial } = await premises.objects();
  const findings: Finding[] = [];
  if (partial)
    findings.push(
      finding('objects.partial', {
        what: 'this is a partial clone: what is missing is fetched object by object',
        where: 'extensions.partialClone',
        next: 'git clone <url> <folder>, whole, and ledgenter init there',
      }),
    );
  if (loose > MANY_LOOSE)
    findings.push(
      finding('objects.loose', { what: `${loose} loose objects`, where: 'the object store', next: 'git gc' }),
    );
  const left = await premises.leftObjects();
  if (left.length > 0)
    findings.push(
      finding('objects.left', {
        what: `${left.length} folders of objects that killed imports left`,
        where: left[0]!,
        mend: async () => `removed ${await premises.sweepObjects()}`,
      }),
    );
  return { check: 'objects', good: `${loose} loose objects`, findings };
}

/** Derived files are checked by whoever reads them and made anew where they are no good: here it is only told. */
export async function checkCaches({ premises, clone }: Look): Promise<Area> {
  const { files, damaged } = await premises.caches();
  const findings = damaged.map(({ file, why }) =>
    finding('cache.damaged', {
      what: why,
      where: file,
      async mend() {
        await premises.remove(file);
        return `removed; it is made anew from the book of ${clone.names.ledger}`;
      },
    }),
  );
  return { check: 'cache', good: `${files} derived files`, findings };
}
