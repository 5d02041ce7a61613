import { assigned, type RedactionRule, RUN_START, START, token } from '../rule.ts';

/** Between the lines of a key block: line breaks, also as JSON writes them. */
const BREAK = '(?:\\\\[nr]|[\\r\\n\\t >]){1,8}';

/** Private keys of any scheme, and tokens whose format is a standard. */
export const KEY_RULES: readonly RedactionRule[] = [
  {
    name: 'private-key',
    what: 'Private key block: PKCS#1, PKCS#8, EC, DSA, OpenSSH, encrypted or PGP; also one whose end is cut off',
    source: 'https://www.rfc-editor.org/rfc/rfc7468',
    keys: ['private key'],
    pattern: new RegExp(
      '-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:' +
        '(?:[^-]|-(?!----)){0,20000}-----END (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|' +
        `(?:${BREAK}[A-Za-z0-9+/=]{16,512}){1,400})`,
      'g',
    ),
  },
  token(
    'openssh-key-body',
    'Body of an OpenSSH private key without its frame',
    'https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key',
    ['b3blbnnzac1rzxktdje'],
    'b3BlbnNzaC1rZXktdjE[A-Za-z0-9+/=\\r\\n]{60,20000}',
  ),
  token(
    'putty-private-key',
    'Private lines of a PuTTY key file',
    'https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html',
    ['private-lines:'],
    `(Private-Lines: [0-9]{1,3})(?:${BREAK}[A-Za-z0-9+/=]{16,64}){1,400}`,
  ),
  token(
    'age-secret-key',
    'age identity',
    'https://github.com/C2SP/C2SP/blob/main/age.md',
    ['age-secret-key-', 'age-plugin-'],
    'AGE-(?:SECRET-KEY|PLUGIN-[A-Z0-9]{1,20})-1[A-Z0-9]{40,200}',
  ),
  token(
    'json-web-token',
    'JSON Web Token',
    'https://www.rfc-editor.org/rfc/rfc7519',
    ['eyj'],
    `${RUN_START}eyJ[A-Za-z0-9_-]{8,4096}\\.eyJ[A-Za-z0-9_-]{8,8192}(?:\\.[A-Za-z0-9_-]{0,2048})?`,
  ),
  token(
    'json-web-encryption',
    'JSON Web Encryption in compact form',
    'https://www.rfc-editor.org/rfc/rfc7516',
    ['eyj'],
    `${RUN_START}eyJ[A-Za-z0-9_-]{8,4096}(?:\\.[A-Za-z0-9_-]{0,2048}){2}\\.[A-Za-z0-9_-]{8,8192}\\.[A-Za-z0-9_-]{16,64}`,
  ),
  assigned(
    'json-web-key',
    'Private part of a JSON Web Key',
    'https://www.rfc-editor.org/rfc/rfc7518',
    ['"d"'],
    '"d',
    '[A-Za-z0-9_-]{40,1024}',
  ),
  assigned(
    'wireguard-private-key',
    'WireGuard private or preshared key',
    'https://www.wireguard.com/quickstart/',
    ['privatekey', 'presharedkey'],
    '(?:private|preshared)key',
    '[A-Za-z0-9+/]{43}=',
  ),
  assigned(
    'kubeconfig-client-key',
    'Client key of a kubeconfig',
    'https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/',
    ['client-key-data'],
    'client-key-data',
    '[A-Za-z0-9+/=]{40,8192}',
  ),
  assigned(
    'container-registry-auth',
    'Registry login in a Docker config file',
    'https://docs.docker.com/reference/cli/docker/login/',
    ['"auth"', 'identitytoken'],
    '(?:"auth|"identitytoken)',
    '[A-Za-z0-9+/=_-]{16,2048}',
  ),
  assigned(
    'bitcoin-private-key',
    'Private key in wallet import format, assigned',
    'https://developer.bitcoin.org/devguide/wallets.html',
    ['wif', 'priv', 'secret'],
    '(?:wif|priv(?:ate)?[_ -]?key|secret[_ -]?key)',
    '[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}(?![A-Za-z0-9])',
  ),
  assigned(
    'hex-private-key',
    'Private key or seed of 32 or 64 bytes in hex, assigned',
    'https://ethereum.org/en/developers/docs/accounts/',
    ['priv', 'secret', 'seed', 'signing'],
    '(?:priv(?:ate)?[_ -]?key|secret[_ -]?key|signing[_ -]?key|seed)',
    '(?:0x)?(?:[a-f0-9]{128}|[a-f0-9]{64})(?![A-Za-z0-9])',
  ),
  token(
    'extended-private-key',
    'Extended private key of an HD wallet',
    'https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki',
    ['xprv', 'yprv', 'zprv', 'tprv'],
    `${START}[xyzt]prv[1-9A-HJ-NP-Za-km-z]{100,112}`,
  ),
  token(
    'nostr-secret-key',
    'Nostr secret key',
    'https://github.com/nostr-protocol/nips/blob/master/19.md',
    ['nsec1'],
    `${START}nsec1[a-z0-9]{58}`,
  ),
];
