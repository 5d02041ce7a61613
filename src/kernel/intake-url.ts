/** Query parameters that say how somebody came to a page, not which page it is. */
const TRACKING =
  /^(?:utm_[a-z_]{1,32}|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|mkt_tok|ref_src|ref_url|si|notification_referrer_id|email_source|email_token)$/i;

/**
 * An http(s) URL in the form that is compared: lower-case host, no default port, credentials, fragment, tracking
 * parameters or trailing slash; parameters in order of their names. Undefined when it is none.
 */
export function canonicalUrl(text: string): { url: URL; text: string } | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  // Put together by hand: the setters of URL change more than they are given (`search` drops a leading `?`).
  const kept = url.search
    .slice(1)
    .split('&')
    .filter(part => part !== '' && !TRACKING.test(part.split('=')[0]!));
  const query = kept.length === 0 ? '' : `?${kept.sort().join('&')}`;
  if (url.hostname.includes('..') || url.hostname === '.') return undefined;
  // A dot at the end is the root of all names: the same host.
  const name = url.hostname.replace(/\.$/, '');
  const port = url.port === '' ? '' : `:${url.port}`;
  return { url, text: `${url.protocol}//${name}${port}${url.pathname.replace(/\/+$/, '')}${query}` };
}

/** The channel and the short form behind the URL of a known kind of page. */
export function fromUrl(url: URL): { channel: string; rest: string } | undefined {
  const host = url.hostname.replace(/^www\./, '').replace(/\.$/, '');
  const parts = url.pathname.split('/').filter(part => part !== '');
  return github(host, parts) ?? gitlab(host, parts) ?? slack(host, parts) ?? tracker(host, parts, url.searchParams);
}

function github(host: string, all: string[]): { channel: string; rest: string } | undefined {
  const api = host === 'api.github.com' && all[0] === 'repos';
  const parts = api ? all.slice(1) : all;
  const [org, repo, kind, number] = parts;
  if (!(api || host === 'github.com' || /^github\./.test(host))) return undefined;
  if (!/^(?:issues|pulls?|discussions)$/.test(kind ?? '') || !/^\d{1,15}$/.test(number ?? '')) return undefined;
  const where = api || host === 'github.com' ? '' : `${host}/`;
  return { channel: 'github', rest: `${where}${org}/${repo}#${number}` };
}

/** GitLab's own pages have `/-/` in their path, on whatever host. */
function gitlab(host: string, all: string[]): { channel: string; rest: string } | undefined {
  const parts = gitlabApi(all) ?? all;
  const dash = parts.indexOf('-');
  const at =
    dash >= 0 ? dash : host === 'gitlab.com' ? parts.findIndex(part => /^(?:issues|merge_requests)$/.test(part)) : -1;
  const [kind, number] = parts.slice(dash >= 0 ? dash + 1 : at);
  if (at < 2 || !/^(?:issues|work_items|merge_requests)$/.test(kind ?? '') || !/^\d{1,15}$/.test(number ?? '')) {
    return undefined;
  }
  const where = host === 'gitlab.com' ? '' : `${host}/`;
  const mark = kind === 'merge_requests' ? '!' : '#';
  return { channel: 'gitlab', rest: `${where}${parts.slice(0, at).join('/')}${mark}${number}` };
}

/** `/api/v4/projects/<path, encoded>/issues/<iid>` as the path of the page; a project that is only a number names none. */
function gitlabApi([api, version, projects, project = '', ...rest]: string[]): string[] | undefined {
  if (api !== 'api' || version !== 'v4' || projects !== 'projects' || !/%2f/i.test(project)) return undefined;
  return [...project.split(/%2f/i), '-', ...rest];
}

function slack(host: string, parts: string[]): { channel: string; rest: string } | undefined {
  const [archives, channel, message] = parts;
  if (!host.endsWith('.slack.com') || archives !== 'archives' || !/^p\d{16,19}$/.test(message ?? '')) return undefined;
  return { channel: 'slack', rest: `${host}/${channel}/${message}` };
}

function tracker(host: string, parts: string[], query: URLSearchParams): { channel: string; rest: string } | undefined {
  const KEY = /^[a-z][a-z0-9_]{0,31}-\d{1,15}$/i;
  if (host === 'linear.app' && parts[1] === 'issue' && KEY.test(parts[2] ?? '')) {
    return { channel: 'linear', rest: parts[2]! };
  }
  const browse = parts.indexOf('browse');
  if (browse >= 0 && browse === parts.length - 2 && KEY.test(parts.at(-1)!))
    return { channel: 'jira', rest: parts.at(-1)! };
  const selected = host.endsWith('.atlassian.net') ? query.get('selectedIssue') : null;
  return selected !== null && KEY.test(selected) ? { channel: 'jira', rest: selected } : undefined;
}
