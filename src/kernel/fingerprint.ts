import { recordId } from './ids.ts';

/** Hosts with a short name in fingerprints. */
const SHORT: Record<string, string> = { 'github.com': 'github', 'gitlab.com': 'gitlab', 'bitbucket.org': 'bitbucket' };

/**
 * One name for one repository, whatever the form of its URL: `github/org/name`, `git.example.com/team/name`, and
 * `local/<hash>` for a path or file URL, so that no path of a machine ever enters a record. User names, credentials,
 * ports, `.git` and trailing slashes do not matter. Local paths must come absolute.
 */
export function urlFingerprint(url: string): string | undefined {
  const text = url.trim();
  if (text === '') return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text);
  if (scheme && scheme[1]!.toLowerCase() !== 'file') return hosted(scheme[2]!);
  // A scheme-less `host:path` is ssh; `C:\x` and `C:/x` are paths.
  const scp = /^(?:[^@/\\:]+@)?([^/\\:]{2,}):(?!\/\/)(.+)$/.exec(text);
  if (!scheme && scp) return hosted(`${scp[1]}/${scp[2]!.replace(/^\/+/, '')}`);
  return local(scheme ? decode(scheme[2]!.replace(/^localhost(?=\/)/i, '')) : text);
}

function hosted(rest: string): string | undefined {
  const slash = rest.indexOf('/');
  if (slash < 0) return undefined;
  const host = rest
    .slice(0, slash)
    .replace(/^[^@]*@/, '')
    .replace(/:\d+$/, '')
    .toLowerCase();
  const path = trimRepository(decode(rest.slice(slash + 1)).replace(/[?#].*$/, '')).replace(/^\/+/, '');
  if (host === '' || path === '') return undefined;
  // Ports matter on loopback only, where tests and tunnels keep several hosts apart.
  const port = /:(\d+)$/.exec(rest.slice(0, slash))?.[1];
  const place = /^(localhost|127\.|\[::1\])/.test(host) && port ? `${host}-${port}` : host;
  return `${SHORT[place] ?? place}/${path.toLowerCase()}`;
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
