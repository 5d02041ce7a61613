import { hasLoneSurrogate } from './canonical.ts';
import { canonicalUrl, fromUrl } from './intake-url.ts';

/** A reference in the one form that is hashed, or why there is none (a clause after the reference's name). */
export type Reference = { ref: string } | { problem: string };

/** Longest reference, in characters. */
export const MAX_REFERENCE = 1024;

/** A part of a repository's path; `.github` is one, `..` is none. */
const SEGMENT = /^(?!\.{1,2}$)[a-z0-9._-]{1,100}$/;
const CHANNEL = /^([a-z][a-z0-9+-]{1,31}):(.*)$/is;
/** Schemes that name something on one machine, or run code: never a reference that others can follow. */
const REFUSED = /^(?:file|javascript|data|blob|about|mailto)$/;

/**
 * The canonical form of where an ask came from. Equal asks give equal text whatever form they are written in (case, URL or
 * short form, brackets), because a task's id is made of it; docs and tests share {@link EXAMPLES} in intake-examples.ts.
 * Idempotent. Nothing is looked up.
 */
export function canonicalReference(text: string): Reference {
  const given = text.normalize('NFC').trim();
  if (given === '') return { problem: 'is empty' };
  if ([...given].length > MAX_REFERENCE) return { problem: `is longer than ${MAX_REFERENCE} characters` };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (hasLoneSurrogate(given) || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(given)) {
    return { problem: 'has a control character' };
  }
  const found = read(given);
  return 'ref' in found && [...found.ref].length > MAX_REFERENCE
    ? { problem: `is longer than ${MAX_REFERENCE} characters` }
    : found;
}

function read(given: string): Reference {
  const bare = /^<(https?:[^<>]+)>$/i.exec(given)?.[1] ?? given;
  if (/^https?:/i.test(bare)) return url(bare);
  if (/^(?:www\.)?(?:github|gitlab)\.com\//i.test(bare)) return url(`https://${bare}`);
  const mailed = /^(?:message-id|rfc822msgid):(.*)$/is.exec(bare);
  if (mailed) return email(mailed[1]!);
  const [, channel, rest] = CHANNEL.exec(bare) ?? [];
  if (channel !== undefined && rest!.trim().startsWith('//')) return { problem: 'is no http or https URL' };
  if (channel !== undefined) return inChannel(channel.toLowerCase(), rest!.trim());
  return bareForm(bare);
}

/** `channel:rest`. Channels without a form of their own keep their text. */
function inChannel(channel: string, rest: string): Reference {
  if (rest === '') return { problem: `says only "${channel}:"` };
  if (/^https?:/i.test(rest) && channel !== 'cli' && channel !== 'csv') return url(rest);
  switch (channel) {
    case 'github':
    case 'gh':
      return github(rest);
    case 'gitlab':
    case 'gl':
      return gitlab(rest);
    case 'email':
    case 'mid':
      return email(channel === 'mid' ? percentDecoded(rest) : rest);
    case 'slack':
      return slack(rest);
    case 'jira':
    case 'linear':
      return issueKey(channel, rest);
    case 'beads':
      return beads(rest);
    case 'url':
      return { problem: 'is no http or https URL' };
    default:
      if (REFUSED.test(channel)) return { problem: `is a ${channel}: reference, which nobody else can follow` };
      return { ref: `${channel}:${rest.replace(/\s+/g, ' ')}` };
  }
}

/** What people write without saying the channel. */
function bareForm(text: string): Reference {
  if (/^<[^<>@\s]+@[^<>@\s]+>$/.test(text)) return email(text);
  if (/^(?:gh-|#|issue\s*#?)\d+$/i.test(text)) return { problem: 'names no repository: write github:org/repo#42' };
  if (/^!\d+$/.test(text)) return { problem: 'names no repository: write gitlab:group/repo!42' };
  if (/^[^\s/#!]+\/[^\s/#!]+#\d+$/.test(text)) return github(text);
  if (/^[^\s#!]+\/[^\s#!]+[#!]\d+$/.test(text)) return gitlab(text);
  if (/^[a-z][a-z0-9_]*-\d+$/i.test(text))
    return { problem: `could be of any tracker: write jira:${text} or linear:${text}` };
  return {
    problem: 'has no channel: write github:org/repo#42, email:<message-id>, slack:…, jira:KEY-1, cli:… or a URL',
  };
}

function url(text: string): Reference {
  const parsed = canonicalUrl(text);
  if (!parsed) return { problem: 'is no http or https URL' };
  const short = fromUrl(parsed.url);
  return short === undefined ? { ref: `url:${parsed.text}` } : inChannel(short.channel, short.rest);
}

/** Issues, pull requests and discussions of a repository share one row of numbers. */
function github(text: string): Reference {
  const match = /^(.+?)(?:#|\/(?:issues|pull|pulls|discussions)\/)(\d{1,15})$/.exec(text.toLowerCase());
  const parts = match?.[1]?.split('/') ?? [];
  const whole = parts.length === 2 || (parts.length === 3 && parts[0]!.includes('.'));
  if (!match || !whole || !parts.every(part => SEGMENT.test(part))) {
    return { problem: 'is no GitHub reference: write github:org/repo#42' };
  }
  return { ref: `github:${parts.join('/')}#${Number(match[2])}` };
}

function gitlab(text: string): Reference {
  const match = /^(.+?)([#!])(\d{1,15})$/.exec(text.toLowerCase());
  const parts = match?.[1]?.split('/') ?? [];
  if (!match || parts.length < 2 || parts.length > 21 || !parts.every(part => SEGMENT.test(part))) {
    return { problem: 'is no GitLab reference: write gitlab:group/repo#42 or gitlab:group/repo!42' };
  }
  return { ref: `gitlab:${parts.join('/')}${match[2]}${Number(match[3])}` };
}

/** The part before the `@` is the sender's own and keeps its case (RFC 5322); the domain has none. */
function email(text: string): Reference {
  const id = text
    .trim()
    .replace(/^<(.*)>$/s, '$1')
    .trim();
  const at = id.lastIndexOf('@');
  if (at < 1 || at === id.length - 1 || /[\s<>]/.test(id)) {
    return { problem: 'is no message id: write email:<id@host>' };
  }
  return { ref: `email:${id.slice(0, at)}@${id.slice(at + 1).toLowerCase()}` };
}

function slack(text: string): Reference {
  const match = /^([a-z0-9.-]{1,100})\/([a-z0-9]{2,20})\/(?:p(\d{10,13})(\d{6})|(\d{10,13})\.(\d{6}))$/i.exec(text);
  if (!match) return { problem: 'is no Slack message: write its permalink, or slack:<team>/<channel>/<ts>' };
  const team = match[1]!.toLowerCase().replace(/\.slack\.com$/, '');
  return { ref: `slack:${team}/${match[2]!.toUpperCase()}/${match[3] ?? match[5]}.${match[4] ?? match[6]}` };
}

function issueKey(channel: string, text: string): Reference {
  const match = /^([a-z][a-z0-9_]{0,31})-(\d{1,15})$/i.exec(text);
  if (!match) return { problem: `is no key: write ${channel}:KEY-1` };
  return { ref: `${channel}:${match[1]!.toUpperCase()}-${Number(match[2])}` };
}

function beads(text: string): Reference {
  const match = /^([a-z0-9._-]{1,64})\/([a-z0-9][a-z0-9._-]{0,127})$/i.exec(text);
  if (!match) return { problem: 'is no bead: write beads:<project>/<id>' };
  return { ref: `beads:${match[1]!.toLowerCase()}/${match[2]}` };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone %: the text is meant as it stands
  }
}
