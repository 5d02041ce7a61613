/**
 * True when a pattern with stars matches a name: at a mismatch the last star takes one character more, so it ends after
 * at most (letters of the pattern × letters of the name) steps. `meets` compares one letter; `spend` is asked once a step.
 */
export function starMatches(
  pattern: readonly string[],
  name: readonly string[],
  meets: (wanted: string, letter: string) => boolean,
  spend: () => boolean = () => true,
): boolean | 'spent' {
  let [p, n, star, from] = [0, 0, -1, 0];
  while (n < name.length) {
    if (!spend()) return 'spent';
    if (pattern[p] === '*') {
      star = p++;
      from = n;
    } else if (p < pattern.length && meets(pattern[p]!, name[n]!)) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++from;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
