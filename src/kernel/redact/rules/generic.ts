import { isTemplate, looksLikePassword, looksRandom } from '../entropy.ts';
import { ASSIGN, type RedactionRule } from '../rule.ts';

const VALUE = '[^\\s"\'`,;<>()\\[\\]\\\\|]{8,512}(?<![.:?*])';
const KEY_NAMES =
  '(?:api|access|auth|private|secret|signing|encryption|account|master|license|service|deploy|session)[_.-]?key';

/** Secrets that only their surroundings give away. They come last: a rule that knows the issuer names it better. */
export const GENERIC_RULES: readonly RedactionRule[] = [
  {
    name: 'authorization-header',
    what: 'Credentials of an Authorization header: Basic, Bearer, Token, ApiKey',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#name-authorization',
    keys: ['authorization'],
    pattern:
      /(authorization["'`\\]{0,4}[ \t]{0,3}[:=][ \t]{0,3}["'`\\]{0,4}(?:(?:basic|bearer|token|apikey|api-key|digest)[ \t]{1,3})?)[A-Za-z0-9+/=_.~-]{8,4096}(?<![.])/gi,
    accept: secret => !isTemplate(secret) && (/[0-9]/.test(secret) || /[a-z][A-Z]/.test(secret)),
  },
  {
    name: 'bearer-token',
    what: 'Bearer token outside a header',
    source: 'https://www.rfc-editor.org/rfc/rfc6750',
    keys: ['bearer '],
    pattern: /(\bbearer[ \t]{1,3}["'`\\]{0,2})[A-Za-z0-9+/=_.~-]{16,4096}(?<![.])/gi,
    accept: looksRandom,
  },
  {
    name: 'basic-auth',
    what: 'Basic credentials outside a header',
    source: 'https://www.rfc-editor.org/rfc/rfc7617',
    keys: ['basic '],
    pattern: /(\bbasic[ \t]{1,3}["'`\\]{0,2})[A-Za-z0-9+/]{12,512}={0,2}(?![A-Za-z0-9+/=])/gi,
    accept: secret => looksRandom(secret) || /={1,2}$/.test(secret),
  },
  {
    name: 'command-line-login',
    what: 'Password after `curl -u name:`',
    source: 'https://curl.se/docs/manpage.html#-u',
    keys: ['curl'],
    pattern:
      /((?:\bcurl|(?<=\\[nrt])curl)\b[^\r\n]{0,300}?[ \t](?:-u|--user|--proxy-user)[ \t=]{0,2}["']?[^\s:"']{1,64}:)[^\s"']{3,256}/g,
    accept: secret => !isTemplate(secret),
  },
  {
    name: 'netrc-password',
    what: 'Password in a .netrc line',
    source: 'https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html',
    keys: ['machine '],
    pattern:
      /((?:\bmachine|(?<=\\[nrt])machine)[ \t]{1,4}\S{1,255}\s{1,8}login[ \t]{1,4}\S{1,255}\s{1,8}password[ \t]{1,4})[^\s"'`,;<>()*\\]{3,512}/g,
    accept: secret => !isTemplate(secret),
  },
  {
    name: 'connection-string-password',
    what: 'Password in an ODBC, ADO.NET or libpq connection string',
    source: 'https://learn.microsoft.com/en-us/dotnet/framework/data/adonet/connection-string-syntax',
    keys: ['password=', 'pwd='],
    pattern:
      /((?:server|data source|host|database|initial catalog|user id|uid|user|username|endpoint|port|dbname)=[^;\r\n"']{1,128}[; ](?:[^;=\r\n"']{1,64}=[^;\r\n"']{0,128}[; ]){0,10}?[ \t]{0,2}(?:password|pwd)=)[^;\s"']{3,256}/gi,
    accept: secret => !isTemplate(secret),
  },
  {
    name: 'password',
    what: 'Password or passphrase that is assigned to a name',
    source: 'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
    keys: ['passw', 'passphrase', 'pwd', '_pass', 'pgpass'],
    pattern: new RegExp(
      `((?:passw(?:or)?d|passphrase|pwd|[_-]pass|pgpass)[A-Za-z0-9_]{0,20}(?:${ASSIGN}|[ \\t]{1,2}(?=[^\\s=:])["'\`]?))${VALUE}`,
      'gi',
    ),
    accept: looksLikePassword,
  },
  {
    name: 'secret',
    what: 'Token, key or secret that is assigned to a name and looks random',
    source: 'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
    keys: ['secret', 'token', 'key', 'credential', 'signature', 'cookie'],
    pattern: new RegExp(
      `((?:secret|token|credentials?|${KEY_NAMES}|cookie)[A-Za-z0-9_]{0,20}(?:${ASSIGN}|[ \\t]{1,2}(?=[^\\s=:])["'\`]?))${VALUE}`,
      'gi',
    ),
    accept: looksRandom,
  },
];
