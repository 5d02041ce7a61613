/** What stands instead of this checkout's root. */
export const REPO = '[repo]';

let last: { root: string; pattern: RegExp | undefined } | undefined;

/**
 * Puts `[repo]` for the checkout's root in any spelling (either slash, escaped, drive as `C:`, `/c` or `/mnt/c`), alone or
 * with a path after it; never for a sibling that only begins alike. A root of less than two characters (`/`) is ignored.
 * @param instead what stands there then
 */
export function replaceRoot(text: string, root: string | undefined, replaced: () => void, instead = REPO): string {
  if (root === undefined) return text;
  if (last?.root !== root) last = { root, pattern: patternOf(root) };
  return last.pattern
    ? text.replace(last.pattern, () => {
        replaced();
        return instead;
      })
    : text;
}

function patternOf(root: string): RegExp | undefined {
  const parts = root.split(/[\\/]+/).filter(part => part !== '');
  if (parts.length === 0 || !/^(?:[\\/]|[A-Za-z]:)/.test(root)) return undefined;
  const drive = /^([A-Za-z]):$/.exec(parts[0]!)?.[1] ?? (/^\/[a-z]\//.test(root) ? parts[0] : undefined);
  const rest = (drive ? parts.slice(1) : parts).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (rest.length === 0) return undefined;
  const separator = '(?:\\\\{1,4}|/{1,2})';
  const head = drive ? `(?:/?${drive}:|/(?:mnt/|cygdrive/|host_mnt/)?${drive})${separator}` : separator;
  const edge = '(?:(?<![A-Za-z0-9_.~)\\]}/\\\\-])|(?<=\\\\[bfnrt])|(?<=file:/{2})|(?<=(?:^|\\s)-[A-Za-z]))';
  const end = '(?![A-Za-z0-9_-]|\\.[A-Za-z0-9])';
  return new RegExp(`${edge}${head}${rest.join(separator)}${end}`, drive ? 'gi' : 'g');
}
