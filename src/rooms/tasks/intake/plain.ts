import { canonicalReference } from '../../../kernel/intake.ts';
import type { Reader } from './item.ts';

/** Words that are looked at for a reference. */
const MAX_WORDS = 2_000;
/** Channels whose references nobody writes by chance. */
const KNOWN = /^(?:github|gitlab|email|slack|jira|linear|beads):/;

/** Anything: its first line is the title, and the one reference in it is where it came from. */
export const plain: Reader = text => {
  const words = text.slice(0, 65_536).split(/\s+/).slice(0, MAX_WORDS);
  const refs = new Set(words.flatMap(word => refOf(word) ?? []));
  const sure = [...refs].filter(ref => KNOWN.test(ref));
  const found = sure.length > 0 ? sure : [...refs];
  const lines = text.split(/\r?\n/).map(line => line.trim());
  const title = lines.find(line => line !== '' && !(line.split(/\s+/).length === 1 && refOf(line) !== undefined));
  if (found.length > 1)
    return [
      { at: '', title, body: text, problem: `names ${found.length} references (${found.slice(0, 3).join(', ')})` },
    ];
  return [{ at: '', ref: found[0], title: title ?? found[0], body: text }];
};

function refOf(word: string): string | undefined {
  const bare = word.replace(/^[("'[]+/, '').replace(/[)"'\],.;:!?]+$/, '');
  if (!/[:#/@!]/.test(bare) || bare.length > 1_024) return undefined;
  const found = canonicalReference(bare);
  if ('problem' in found) return undefined;
  return KNOWN.test(found.ref) || found.ref.startsWith('url:') ? found.ref : undefined;
}
