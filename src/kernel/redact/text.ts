import { Prefilter } from './prefilter.ts';
import { replaceRoot } from './root.ts';
import { PLACEHOLDER, placeholder, type RedactionRule } from './rule.ts';
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

/** Made at the first text: it costs a millisecond, which reads need not pay. */
let prefilter: Prefilter | undefined;

function onePass(text: string, { root }: RedactOptions): Redacted {
  let count = 0;
  const replaced = () => {
    count++;
  };
  // First of all: the root lies in a home more often than not, and says more.
  let out = replaceRoot(text, root, replaced);
  prefilter ??= new Prefilter(RULES);
  const hits = prefilter.hits(out.toLowerCase());
  for (const [index, rule] of RULES.entries()) {
    if (hits[index] === 1) out = applyRule(rule, out, replaced);
  }
  return { text: out, count };
}

function applyRule(rule: RedactionRule, text: string, replaced: () => void): string {
  const { name, pattern, accept } = rule;
  const instead = rule.instead ?? placeholder(name);
  let out = '';
  let rest = text;
  let from = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(rest); match; match = pattern.exec(rest)) {
    const kept = match[1] ?? '';
    const secret = match[0].slice(kept.length);
    if (PLACEHOLDER.test(secret) || accept?.(secret, kept) === false) {
      // What a name is given may hold another name that is given a secret: `secret: token=…`.
      if (kept !== '') pattern.lastIndex = match.index + kept.length;
      continue;
    }
    replaced();
    out += rest.slice(from, match.index) + kept + instead;
    from = match.index + match[0].length;
    if (rule.instead !== undefined) continue; // a path goes on behind a home: `/home/al/home/x`
    // What follows a secret is read as if a text began there: many in a row are found in one pass, not one a pass.
    rest = rest.slice(from);
    from = 0;
    pattern.lastIndex = 0;
  }
  return out + rest.slice(from);
}
