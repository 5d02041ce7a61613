import type { RedactionRule } from '../rule.ts';

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

/** After an escape of JSON whose letter only looks like part of a word. */
const ESCAPED = '(?<=\\\\[bfnrt])';

const home = (name: string, what: string, source: string, keys: string[], pattern: RegExp): RedactionRule => ({
  name,
  what,
  source,
  keys,
  pattern,
  instead: HOME,
});

const WINDOWS = 'https://learn.microsoft.com/en-us/windows/win32/shell/knownfolderid';
const HIERARCHY = 'https://refspecs.linuxfoundation.org/FHS_3.0/fhs/ch03s08.html';

/** Home directories. The first part of the path, up to the user's name, becomes `[home]`; what follows stays. */
export const HOME_RULES: readonly RedactionRule[] = [
  home(
    'home-windows',
    'C:\\Users\\x with any drive, either slash, escaped as in JSON, in a file URL or after \\\\?\\',
    WINDOWS,
    [':\\', ':/', '%3a'],
    new RegExp(
      `(?:(?<![A-Za-z0-9])|${ESCAPED})(?:\\\\{2,8}[?.]\\\\{1,4})?${DRIVE}${SEP}${WINDOWS_HOMES}${SEP}${SPACED}`,
      'g',
    ),
  ),
  home(
    'home-share',
    'A home behind a share, in WSL or without a drive: \\\\wsl$\\Ubuntu\\home\\x, \\\\server\\Users\\x, \\Users\\x',
    'https://learn.microsoft.com/en-us/windows/wsl/filesystems',
    ['home', 'users'],
    new RegExp(
      `(?=[\\\\/])(?:(?<![\\w.:\\\\/)\\]}])|${ESCAPED})(?:(?:\\\\{2,8}|//(?=wsl))[^\\s\\\\/"'<>|]{1,64}(?:${SEP}[^\\s\\\\/"'<>|]{1,64}){0,2})?(?:\\\\{1,4}|(?<=wsl[^\\s]{1,80})/)(?:Users|home)${SEP}${SPACED}`,
      'gi',
    ),
  ),
  home(
    'home-unix',
    '/home/x and /Users/x, also under /c, /mnt/c, /cygdrive/c, /var, /usr, /export, /System/Volumes/Data, in file and editor URLs',
    HIERARCHY,
    ['/home', '/users'],
    new RegExp(`(?=[\\\\/])${EDGE}${ABOVE}?(?:\\\\?/)(?:home|Users)(?:\\\\?/{1,2})${NAME}`, 'g'),
  ),
  home(
    'home-percent-encoded',
    '%2Fhome%2Fx and %2FUsers%2Fx',
    HIERARCHY,
    ['%2fhome', '%2fusers'],
    new RegExp(`%2[Ff](?:home|Users)%2[Ff]${NAME}`, 'g'),
  ),
  home(
    'home-root',
    '/root/x, the home of the only user of most containers; /root alone stays',
    HIERARCHY,
    ['/root/'],
    new RegExp(`(?=/)${EDGE}/root(?=/[A-Za-z0-9._])`, 'g'),
  ),
  home(
    'home-tilde',
    '~/x and ~\\x; HEAD~/x and ~5 stay',
    'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_06_01',
    ['~/', '~\\'],
    /(?:(?<![\w.~\\/-])|(?<=\\[bfnrt]))~(?=\/|\\{2}[A-Za-z.]|\\[A-Z.])/g,
  ),
  home(
    'home-in-folder-name',
    'The folder name that agent hosts make of a path: projects/-Users-x-work',
    'https://docs.claude.com/en/docs/claude-code/settings',
    ['-users-', '-home-'],
    /(?<=[\\/]projects[\\/]{1,2})-(?:Users|home)-[^\s\\/"'`-]{1,64}/g,
  ),
];
