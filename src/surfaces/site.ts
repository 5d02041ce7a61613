import { isLedgerName } from '../book/refs.ts';
import { NAMESPACES } from '../exchange/namespaces.ts';
import type { FoundLedger, Site, SiteRemote } from '../exchange/site.ts';
import { LedgerError } from '../kernel/errors.ts';
import { isOid } from '../store/encoding/names.ts';
import { checkGitVersion, runGit } from '../store/git/index.ts';
import { fingerprintFrom, makeHome, need } from './home.ts';
import type { Seat } from './seat.ts';

/** Longest a look at a remote may take, in ms. */
const LOOK_MS = 30_000;

/** Longest that the book of a remote may take to come in for a look, in ms, and most bytes of its settings. */
const FETCH_MS = 300_000;
const MOST_SETTINGS = 64 << 10;
const APART = [
  '--refmap=',
  '--no-write-fetch-head',
  '--no-tags',
  '--no-prune',
  '--no-auto-gc',
  '--no-recurse-submodules',
];

/** What `init` and `doctor` need of this machine. */
export function makeSite(seat: Seat, ask: Site['ask'], hooks: Site['hooks']): Site {
  const base = () => seat.discovery.location.topLevel ?? seat.discovery.location.commonDir;
  return {
    ledger: seat.ledger,
    ...(ask ? { ask } : {}),
    setting: seat.setting,
    async remotes() {
      return seat.discovery.config.remotes().map(
        ({ name, url, pushUrls }): SiteRemote => ({
          name,
          url: url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1'),
          fingerprint: fingerprintFrom(base(), pushUrls[0] ?? url),
        }),
      );
    },
    async configure(name, value) {
      await need(['config', `ledgenter.${name}`, value], seat.checkout);
      await seat.reread();
    },
    async checkGit() {
      return (await checkGitVersion(base())).join('.');
    },
    async look(remote) {
      const patterns = NAMESPACES.map(namespace => `${namespace}/*/book`);
      const run = await runGit(['ls-remote', remote, ...patterns], { cwd: base(), timeoutMs: LOOK_MS });
      return run.code === 0 ? found(run.stdout.toString('utf8')) : undefined;
    },
    async namedBy(remote, { namespace, ledger, tip }) {
      const ref = `${namespace}/${ledger}/book`;
      // No ref moves: what is fetched here is only looked at.
      const fetched = await runGit(['fetch', '-q', ...APART, '--', remote, ref], { cwd: base(), timeoutMs: FETCH_MS });
      if (fetched.code !== 0) return undefined;
      const run = await runGit(['cat-file', 'blob', `${tip}:ledger.json`], { cwd: base(), maxOutput: MOST_SETTINGS });
      return run.code === 0 ? namespaceIn(run.stdout.toString('utf8')) : undefined;
    },
    async moveHome(url) {
      // Before anything is made or configured: a slip must not leave the checkout with another ledger.
      const fingerprint = fingerprintFrom(base(), url);
      if (fingerprint === undefined || /[\s\\]/.test(fingerprint) || /^[a-z0-9]+::/i.test(url))
        throw new LedgerError('BAD_INPUT', 'the home is no URL or path of a git repository');
      await makeHome(url, seat.checkout, seat.env);
      await need(['config', 'ledgenter.home', url], seat.checkout);
      await seat.moveTo(url);
    },
    clone: options => seat.clone(options),
    hooks,
    signing: async () => ({ on: seat.signing.on, own: await seat.signing.ownKey() }),
  };
}

/** `<oid> TAB <namespace>/<ledger>/book` lines. */
function found(listing: string): FoundLedger[] {
  const out: FoundLedger[] = [];
  for (const line of listing.split('\n')) {
    const [tip = '', ref = ''] = line.split('\t');
    for (const namespace of NAMESPACES) {
      const ledger = ref.startsWith(`${namespace}/`)
        ? /^([^/]+)\/book$/.exec(ref.slice(namespace.length + 1))?.[1]
        : undefined;
      if (ledger !== undefined && isLedgerName(ledger) && isOid(tip)) out.push({ ledger, namespace, tip });
    }
  }
  return out;
}

function namespaceIn(settings: string): string | null | undefined {
  try {
    const { namespace } = JSON.parse(settings);
    return typeof namespace === 'string' ? namespace : null;
  } catch {
    return undefined;
  }
}
