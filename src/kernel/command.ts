/** Characters that do not show, or turn text around: what is confirmed must be what is seen. */
const HIDDEN = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*=/;
/** What a shell would put something else for, behind a dollar. */
const EXPANDED = /^[A-Za-z0-9_({?@*#!$-]/;
const INSTEAD = "put it in a script, or write sh -c '…'";

/**
 * The words of a command, with quotes and without a shell: `'…'` is taken as it stands, in `"…"` a backslash protects `"`
 * and `\`. Whatever a shell would read as an operator, a variable, a comment or a command inside is a problem, told as a
 * clause. Patterns and the like (`*`, `?`, `[a-z]`, `{a,b}`, `~`, `!x`, `a\b`) stay as they are: a program may mean them.
 */
export function splitCommand(text: string): { words: string[] } | { problem: string } {
  if (HIDDEN.test(text)) return { problem: 'has a line break or another character that does not show' };
  const words: string[] = [];
  let word = '';
  /** A word has begun: `''` is one too. */
  let begun = false;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    const next = text[at + 1] ?? '';
    if (quote === "'") {
      if (char === quote) quote = '';
      else word += char;
      continue;
    }
    if (char === '`' || (char === '$' && EXPANDED.test(next)))
      return { problem: `has ${char}${char === '`' ? '' : next}, which needs a shell: ${INSTEAD}` };
    if (quote === '"') {
      if (char === quote) quote = '';
      else if (char === '\\' && (next === '"' || next === '\\')) word += text[++at]!;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      begun = true;
    } else if (char === ' ') {
      if (begun) words.push(word);
      word = '';
      begun = false;
    } else if (/\s/.test(char)) {
      return { problem: 'has a blank that is no space, and no shell would part words there' };
    } else if (char === '#' && !begun) {
      return { problem: 'has a # before a word, which begins a comment in a shell: put the word in quotes' };
    } else if (/[|&;<>()]/.test(char)) {
      return { problem: `has ${next === char ? char + next : char}, which needs a shell: ${INSTEAD}` };
    } else if (char === '\\' && /[\s"']/.test(next)) {
      return { problem: 'has a backslash before a space or a quote: put the word in quotes' };
    } else {
      word += char;
      begun = true;
    }
  }
  if (quote !== '') return { problem: `has a ${quote} that is not closed` };
  if (begun) words.push(word);
  if (!words[0]) return { problem: 'names no program' };
  if (VARIABLE.test(words[0])) return { problem: `begins with a variable: write env ${words[0]} …` };
  return { words };
}

/** Why a text is no command that runs without a shell; undefined when it is one. */
export function commandProblem(text: string): string | undefined {
  const split = splitCommand(text);
  return 'problem' in split ? split.problem : undefined;
}
