/** What stands instead of a home directory. The rest of the path stays: it says which file, not whose. */
export const HOME = '[home]';

/** A separator as text carries it: either slash, escaped once or twice, or percent-encoded. */
const SEP = '(?:\\\\{1,4}|/{1,2}|%5[Cc]|%2[Ff])';
/** A user's folder name: anything but what ends a path in prose, code, JSON or Markdown. */
const NAME_CHAR = '[^\\s\\\\/:"\'`<>|*?$&{}()\\[\\],;#=!^%\\u2018-\\u201d\\u2026\\u3001\\u3002\\uff09\\uff0c]';
const NAME = `(?!\\.)(?:${NAME_CHAR}|%(?!2[Ff]|5[Cc])){1,64}(?<![.])`;
/** A name of Windows with spaces, when a separator follows: `John Smith\`. */
const SPACED = `(?:${NAME}(?: [A-Z\\u00c0-\\uffff]${NAME_CHAR}{0,32}){1,3}(?=${SEP})|${NAME})`;

/** Not inside a longer path or word; right after an escape (`\n`, `%20`) or a compiler's flag (`-I/home/…`) is a start too. */
const EDGE =
  '(?:(?<![A-Za-z0-9_.~)\\]}%#\\\\/-])|(?<=(?:^|[^A-Za-z0-9])_)|(?<=\\\\[bfnrt])|(?<=%[0-9A-Fa-f]{2})|(?<=(?:^|\\s)-[A-Za-z])|' +
  '(?<=(?:file|vscode|vscode-insiders|vscode-remote|cursor|windsurf|zed|idea|ssh|sftp|scp|rsync|smb|nfs|git\\+ssh):/{2}[^\\s/"\'<>]{0,128}))';

/** Where homes lie beside the root: drives of msys, Cygwin, WSL and Docker; other Unixes; the data volume of macOS. */
const ABOVE =
  '(?:/(?:mnt/|cygdrive/|host_mnt/|run/desktop/mnt/host/)?[A-Za-z](?=/Users/)|/(?:var|usr|export|private|mnt|host|nfs|net|data)(?=/home/)|/System/Volumes/Data|/Volumes/[^/\\s]{1,64}(?=/Users/))';

const DRIVE = '(?:[A-Za-z](?::|%3[Aa]))';
const WINDOWS_HOMES = '(?:[Uu][Ss][Ee][Rr][Ss]|Documents and Settings)';

const PATTERNS: readonly { keys: readonly string[]; pattern: RegExp }[] = [
  // C:\Users\x, c:/users/x, C:\\Users\\x in JSON, file:///C:/Users/x, \\?\C:\Users\x
  {
    keys: [':\\', ':/', '%3a'],
    pattern: new RegExp(
      `(?:(?<![A-Za-z0-9])|(?<=\\\\[bfnrt]))(?:\\\\{2,8}[?.]\\\\{1,4})?${DRIVE}${SEP}${WINDOWS_HOMES}${SEP}${SPACED}`,
      'g',
    ),
  },
  // \\wsl$\Ubuntu\home\x, //wsl.localhost/Ubuntu/home/x, \\server\c$\Users\x, \Users\x
  {
    keys: ['home', 'users'],
    pattern: new RegExp(
      `(?:(?<![\\w.:\\\\/])|(?<=\\\\[bfnrt]))(?:(?:\\\\{2,8}|//(?=wsl))[^\\s\\\\/"'<>|]{1,64}(?:${SEP}[^\\s\\\\/"'<>|]{1,64}){0,2})?(?:\\\\{1,4}|(?<=wsl[^\\s]{1,80})/)(?:Users|home)${SEP}${SPACED}`,
      'gi',
    ),
  },
  // /home/x, /Users/x, /c/Users/x, /mnt/c/Users/x, /var/home/x, file:///home/x, %2Fhome%2Fx
  {
    keys: ['/home/', '/users/', '//home', '//users', '\\/home', '\\/users'],
    pattern: new RegExp(`${EDGE}${ABOVE}?(?:\\\\?/)(?:home|Users)(?:\\\\?/{1,2})${NAME}`, 'g'),
  },
  { keys: ['%2fhome%2f', '%2fusers%2f'], pattern: new RegExp(`%2[Ff](?:home|Users)%2[Ff]${NAME}`, 'g') },
  // /root/x: the home of containers' only user
  { keys: ['/root/'], pattern: new RegExp(`${EDGE}/root(?=/[A-Za-z0-9._])`, 'g') },
  // ~/x and ~\x
  {
    keys: ['~/', '~\\'],
    pattern: /(?:(?<![\w.~\\/-])|(?<=\\[bfnrt]))~(?=\/|\\{2}[A-Za-z.]|\\[A-Z.])/g,
  },
  // The folder name some hosts make of a path: ~/.claude/projects/-Users-x-work
  { keys: ['-users-', '-home-'], pattern: /(?<=[\\/]projects[\\/]{1,2})-(?:Users|home)-[^\s\\/"'`-]{1,64}/g },
];

/** Puts `[home]` for every home directory in `text`. `lower` is the text in lower case. */
export function replaceHomes(text: string, lower: string, replaced: () => void): string {
  let out = text;
  for (const { keys, pattern } of PATTERNS) {
    if (!keys.some(key => lower.includes(key))) continue;
    out = out.replace(pattern, () => {
      replaced();
      return HOME;
    });
  }
  return out;
}
