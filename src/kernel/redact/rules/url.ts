import { isTemplate, looksRandom } from '../entropy.ts';
import { PLACEHOLDER, type RedactionRule, startNotAfter } from '../rule.ts';

const DATABASE =
  '(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|mssql|sqlserver|clickhouse|cockroachdb|nats|ldaps?|smtps?|mqtts?)(?:\\+[a-z0-9]{1,16})?';

/** Where a name alone before the `@` is mostly a token; `ssh://git@host` and `postgres://app@host` say no secret. */
const TOKEN_ALONE = /^[bfnrt]?(?:https?|wss?|ftps?|git|hg|svn|(?:git|hg|svn|pip|npm)\+https?):/i;

/** User name, password or token before the `@` of a URL. They run first: what is left is a URL without a secret. */
export const URL_RULES: readonly RedactionRule[] = [
  {
    name: 'url-credentials',
    what: 'User and password, or a token, before the host of a URL; a mere name stays where it is no token (ssh, mail, data bases)',
    source: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1',
    keys: ['//', '/\\/'],
    pattern: /(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{1,30}:(?:\\?\/){2})[^\s/?#"'<>`\\|]{1,512}(?=@[^\s@])/g,
    accept: (info, scheme) => isCredential(scheme, info),
  },
  {
    name: 'database-url-password',
    what: 'Password with an unescaped `/`, `?` or `#` in a data base URL',
    source: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1',
    keys: ['://'],
    pattern: new RegExp(
      `${startNotAfter('+.-')}(${DATABASE}://)[^\\s/?#:@"'<>\`]{0,64}:(?![0-9]{1,5}[/?#,])[^\\s@"'<>\`]{1,256}(?=@[A-Za-z0-9\\[])`,
      'gi',
    ),
    accept: (info, scheme) => isCredential(scheme, info),
  },
];

function isCredential(scheme: string, info: string): boolean {
  if (PLACEHOLDER.test(info)) return false;
  const colon = info.indexOf(':');
  if (colon < 0) return (TOKEN_ALONE.test(scheme) && !isTemplate(info)) || looksRandom(info);
  const password = info.slice(colon + 1);
  return password !== '' && !isTemplate(password);
}
