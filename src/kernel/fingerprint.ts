import { recordId } from './ids.ts';

/** Hosts with a short name in fingerprints. */
const SHORT: Record<string, string> = { 'github.com': 'github', 'gitlab.com': 'gitlab', 'bitbucket.org': 'bitbucket' };
/** Other names that a host answers to: ssh where only the web's port is open, and the web site itself. */
const ALSO: Record<string, string> = {
  'www.github.com': 'github.com',
  'ssh.github.com': 'github.com',
  'www.gitlab.com': 'gitlab.com',
  'altssh.gitlab.com': 'gitlab.com',
  'www.bitbucket.org': 'bitbucket.org',
  'altssh.bitbucket.org': 'bitbucket.org',
  'ssh.dev.azure.com': 'dev.azure.com',
};

/** What a text may be that names a remote: host with its path, or a path of this machine. */
type Place = { authority: string; path: string } | { local: string };

/**
 * One name for one repository, whatever the form of its URL: `github/org/name`, `git.example.com/team/name`, and
 * `local/<hash>` for a path or file URL, so that no path of a machine ever enters a record. User names, credentials,
 * ports, `.git` and trailing slashes do not matter. Local paths must come absolute.
 */
export function urlFingerprint(url: string): string | undefined {
  const place = placeOf(url.trim());
  if (!place) return undefined;
  return 'local' in place ? local(place.local) : hosted(place.authority, place.path);
}

function placeOf(text: string): Place | undefined {
  // `ext::…` and its like are commands, not places.
  if (text === '' || /^[a-z0-9+.-]+::/i.test(text)) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text);
  if (scheme) {
    const rest = scheme[2]!;
    if (scheme[1]!.toLowerCase() === 'file') return { local: decode(rest.replace(/^localhost(?=\/)/i, '')) };
    const slash = rest.indexOf('/');
    return slash < 0 ? undefined : { authority: rest.slice(0, slash), path: rest.slice(slash + 1) };
  }
  // A scheme-less `host:path` is ssh; `C:\x` and `C:/x` are paths.
  const scp =
    /^\[([^\]/]+)\]:(.+)$/.exec(text) ??
    /^((?:[^@/\\:]+@)?\[[0-9a-f:]+\]):(.+)$/i.exec(text) ??
    /^((?:[^@/\\:]+@)?[^/\\:]{2,}):(?!\/\/)(.+)$/.exec(text);
  return scp ? { authority: scp[1]!, path: scp[2]! } : { local: text };
}

function hosted(authority: string, rest: string): string | undefined {
  // What stands before the last @ is a user or a secret.
  const address = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const host = address.replace(/:\d*$/, '');
  const known = ALSO[host] ?? host;
  const path = pathAt(known, trimRepository(decode(rest).replace(/[?#].*$/, '')).toLowerCase());
  // An @ further on is a secret with a slash in it, or a user where only git sees a host: nothing to make a name of.
  const odd = path.includes('@') || path.split('/').some(part => part === '.' || part === '..');
  if (!isHost(address) || path === '' || odd) return undefined;
  // Ports matter on loopback only, where tests and tunnels keep several hosts apart.
  const port = /:(\d+)$/.exec(address)?.[1];
  const place = /^(localhost|127\.|\[::1\])/.test(host) && port ? `${host}-${port}` : known;
  return `${SHORT[place] ?? place}/${path}`;
}

/** The path of the repository alone, where a host has other paths for other protocols. */
function pathAt(host: string, path: string): string {
  const parts = path.split('/').filter(part => part !== '');
  if (host === 'dev.azure.com')
    return parts.filter((part, at) => part !== '_git' && !(at === 0 && part === 'v3')).join('/');
  if (/^(bitbucket|stash)\./.test(host) && parts.length === 3 && parts[0] === 'scm') parts.shift();
  return parts.join('/');
}

function local(path: string): string {
  const slashes = path.replace(/\\/g, '/').replace(/^\/?([a-z]):/i, (_all, drive: string) => `/${drive.toLowerCase()}`);
  return `local/${recordId('p', 'path', trimRepository(slashes)).slice(2)}`;
}

function trimRepository(path: string): string {
  return path
    .replace(/\/+$/, '')
    .replace(/(\/\.git|\.git)$/i, '')
    .replace(/\/+$/, '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const SCHEMES = /^(?:https?|ssh|git|git\+ssh|ssh\+git|ftps?):\/\//i;

/**
 * The URL without user name, password and query (`git@` stays: every host calls its ssh user so, any other may be a
 * token). Undefined for a path, and for what has a form that could hide a secret.
 */
export function plainUrl(url: string): string | undefined {
  const text = url.trim();
  if (/[\s\p{Cc}\\]/u.test(text)) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*:\/\/)(?:([^/@]*)@)?([^/@?#]+)(\/[^@?#]*)(?:[?#].*)?$/i.exec(text);
  if (scheme) {
    const [, kind, user, host, path] = scheme;
    if (!SCHEMES.test(kind!) || !isHost(host!)) return undefined;
    return `${kind!.toLowerCase()}${user === 'git' && /ssh/i.test(kind!) ? 'git@' : ''}${host}${path}`;
  }
  const scp = /^(?:([^@:/]+)@)?([a-z0-9][a-z0-9.-]+):(?!\/\/|:)([^@?#]+)$/i.exec(text);
  return scp ? `${scp[1] === 'git' ? 'git@' : ''}${scp[2]}:${scp[3]}` : undefined;
}

const isHost = (text: string) => /^(?:[\p{L}\p{N}._-]+|\[[0-9a-f:]+\])(?::\d{0,5})?$/iu.test(text);

/** True for what {@link urlFingerprint} answers, and for `local/<slug>` of a repository without a remote. */
export function isFingerprint(text: string): boolean {
  return (
    text.length <= 512 &&
    text === text.toLowerCase() &&
    /^[\p{L}\p{N}][\p{L}\p{N}._-]*(?:\/[^\s\p{Cc}/\\@:?#]+)+$/u.test(text)
  );
}
