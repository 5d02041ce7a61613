import { replaceHomes } from './home.ts';
import { replaceRoot } from './root.ts';
import { PLACEHOLDER, placeholder } from './rule.ts';
import { RULES } from './table.ts';

export interface RedactOptions {
  /** This checkout's root, absolute, with either slash; its own path becomes `[repo]`. */
  root?: string;
}

export interface Redacted {
  text: string;
  /** How many places were replaced. */
  count: number;
}

/**
 * Takes secrets, URL credentials, home directories and the checkout's root out of `text`; everything else stays byte for
 * byte. Same text and root, same answer; what it answers, it leaves alone the second time.
 */
export function redactText(text: string, options: RedactOptions = {}): Redacted {
  let count = 0;
  let now = text;
  // Taking one secret out can uncover another behind it. It ends: every pass that counts leaves fewer characters
  // outside placeholders, or merges two placeholders into one.
  for (;;) {
    const pass = onePass(now, options);
    if (pass.count === 0) return { text: now, count };
    count += pass.count;
    now = pass.text;
  }
}

function onePass(text: string, { root }: RedactOptions): Redacted {
  let count = 0;
  const replaced = () => {
    count++;
  };
  let out = text;
  const lower = text.toLowerCase();
  for (const { name, keys, pattern, accept } of RULES) {
    if (!keys.some(key => lower.includes(key))) continue;
    const instead = placeholder(name);
    out = out.replace(pattern, (match: string, first: unknown) => {
      // Without a group in the pattern the first argument is the offset.
      const kept = typeof first === 'string' ? first : '';
      const secret = match.slice(kept.length);
      if (PLACEHOLDER.test(secret) || accept?.(secret, kept) === false) return match;
      replaced();
      return kept + instead;
    });
  }
  out = replaceRoot(out, root, replaced);
  out = replaceHomes(out, lower, replaced);
  return { text: out, count };
}
