import { ALNUM, BASE64, DIGITS, Dice, HEX, LOWER, UPPER, URLSAFE } from './dice.ts';

/**
 * Realistic secrets, made at run time from the rules of their issuers: no literal of a secret's shape stands in this
 * repository, so no host's push protection refuses it. The bodies are pseudo-random and the same in every run.
 */
export interface Shape {
  /** Which kind, for the message of a failing test. */
  kind: string;
  /** The whole text that is put into a sentence. */
  text: string;
  /** What must not survive; default the whole text. */
  secret: string;
}

type Maker = (d: Dice) => string | { text: string; secret: string };
const join = (...parts: string[]): string => parts.join('');
const given = (before: string, secret: string, after = ''): { text: string; secret: string } => ({
  text: before + secret + after,
  secret,
});

const jwt = (d: Dice): string =>
  [
    Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url'),
    Buffer.from(`{"sub":"${d.text(DIGITS, 10)}","iat":1700000000}`).toString('base64url'),
    d.text(URLSAFE, 43),
  ].join('.');

const block = (d: Dice, label: string, lines: number, newline: string): string => {
  const dashes = '-'.repeat(5);
  const body = Array.from({ length: lines }, () => d.text(BASE64, 64)).join(newline);
  return join(dashes, 'BEGIN ', label, dashes, newline, body, newline, dashes, 'END ', label, dashes);
};

/** Token formats: prefix and body. */
const TOKENS: Record<string, Maker> = {
  'github classic': d => join('gh', 'p_', d.text(ALNUM, 36)),
  'github oauth': d => join('gh', 'o_', d.text(ALNUM, 36)),
  'github user': d => join('gh', 'u_', d.text(ALNUM, 36)),
  'github server': d => join('gh', 's_', d.text(ALNUM, 36)),
  'github refresh': d => join('gh', 'r_', d.text(ALNUM, 76)),
  'github fine-grained': d => join('github', '_pat_', d.text(ALNUM, 22), '_', d.text(ALNUM, 59)),
  'gitlab pat': d => join('gl', 'pat-', d.text(URLSAFE, 20)),
  'gitlab routable': d => join('gl', 'pat-', d.text(ALNUM, 27), '.01.', d.text(LOWER + DIGITS, 9)),
  'gitlab runner': d => join('gl', 'rt-', d.text(URLSAFE, 20)),
  'gitlab deploy': d => join('gl', 'dt-', d.text(URLSAFE, 20)),
  'gitlab trigger': d => join('gl', 'ptt-', d.text(HEX, 40)),
  'gitlab registration': d => join('GR', '1348941', d.text(URLSAFE, 20)),
  bitbucket: d => join('ATB', 'B', d.text(ALNUM, 32)),
  npm: d => join('np', 'm_', d.text(ALNUM, 36)),
  pypi: d => join('py', 'pi-AgE', 'IcHlwaS5vcmc', d.text(URLSAFE, 120)),
  rubygems: d => join('ruby', 'gems_', d.text(HEX, 48)),
  'crates.io': d => join('ci', 'o', d.text(ALNUM, 30), 'A7'),
  'docker hub': d => join('dck', 'r_pat_', d.text(URLSAFE, 27)),
  nuget: d => join('oy', '2', d.text(LOWER + DIGITS, 43)),
  clojars: d => join('CLO', 'JARS_', d.text(HEX, 60)),
  artifactory: d => join('AK', 'Cp', d.text(ALNUM, 69)),
  circleci: d => join('CCI', 'PAT_', d.text(ALNUM, 22), '_', d.text(HEX, 40)),
  buildkite: d => join('bk', 'ua_', d.text(HEX, 40)),
  sonarqube: d => join('sq', 'u_', d.text(HEX, 40)),
  sourcegraph: d => join('sg', 'p_', d.text(HEX, 40)),
  'sentry user': d => join('sntr', 'yu_', d.text(HEX, 64)),
  'sentry organisation': d => join('sntr', 'ys_', d.text(ALNUM, 120), '_', d.text(BASE64, 43)),
  launchdarkly: d => join('sd', 'k-', d.uuid()),
  postman: d => join('PM', 'AK-', d.text(HEX, 24), '-', d.text(HEX, 34)),
  'terraform cloud': d => join(d.text(ALNUM, 14), '.atlas', 'v1.', d.text(URLSAFE, 67)),
  pulumi: d => join('pu', 'l-', d.text(HEX, 40)),
  prefect: d => join('pn', 'u_', d.text(ALNUM, 36)),
  'aws access key': d => join('AK', 'IA', d.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)),
  'aws temporary key': d => join('AS', 'IA', d.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)),
  'aws bedrock': d => join('AB', 'SK', d.text(BASE64, 128), '=='),
  'google api key': d => join('AI', 'za', d.text(URLSAFE, 35)),
  'google client secret': d => join('GOC', 'SPX-', d.text(URLSAFE, 28)),
  'google access token': d => join('ya', '29.', d.text(URLSAFE, 140)),
  'google refresh token': d => join('1/', '/0', d.text(URLSAFE, 60)),
  'azure client secret': d => join(d.text(ALNUM, 3), '8', 'Q', '~', d.text(ALNUM, 34)),
  digitalocean: d => join('do', 'p_v1_', d.text(HEX, 64)),
  heroku: d => join('HR', 'KU-', d.uuid()),
  'cloudflare origin': d => join('v1', '.0-', d.text(HEX, 24), '-', d.text(HEX, 146)),
  vercel: d => join('vc', 'p_', d.text(ALNUM, 56)),
  netlify: d => join('nf', 'p_', d.text(ALNUM, 36)),
  'fly.io': d => join('fm', '2_', d.text(BASE64, 160)),
  render: d => join('rn', 'd_', d.text(ALNUM, 32)),
  alibaba: d => join('LT', 'AI', d.text(ALNUM, 20)),
  tencent: d => join('AK', 'ID', d.text(ALNUM, 32)),
  vault: d => join('hv', 's.', d.text(URLSAFE, 95)),
  'vault batch': d => join('hv', 'b.', d.text(URLSAFE, 140)),
  doppler: d => join('dp', '.pt.', d.text(ALNUM, 43)),
  'doppler service': d => join('dp', '.st.', 'prd.', d.text(ALNUM, 43)),
  databricks: d => join('da', 'pi', d.text(HEX, 32)),
  planetscale: d => join('psca', 'le_tkn_', d.text(URLSAFE, 43)),
  'supabase personal': d => join('sb', 'p_', d.text(HEX, 40)),
  'supabase secret': d => join('sb_', 'secret_', d.text(URLSAFE, 31)),
  neon: d => join('na', 'pi_', d.text(LOWER + DIGITS, 64)),
  'mongodb atlas': d => join('mdb', '_sa_sk_', d.text(URLSAFE, 40)),
  aiven: d => join('AV', 'NS_', d.text(URLSAFE, 19)),
  openshift: d => join('sha', '256~', d.text(URLSAFE, 43)),
  tailscale: d => join('ts', 'key-auth-', d.text(ALNUM, 12), '-', d.text(ALNUM, 32)),
  onepassword: d => join('op', 's_eyJ', d.text(ALNUM, 250)),
  stripe: d => join('sk', '_live_', d.text(ALNUM, 24)),
  'stripe long': d => join('sk', '_test_', d.text(ALNUM, 99)),
  'stripe restricted': d => join('rk', '_live_', d.text(ALNUM, 99)),
  'stripe webhook': d => join('wh', 'sec_', d.text(ALNUM, 32)),
  square: d => join('sq', '0atp-', d.text(URLSAFE, 22)),
  braintree: d => join('access', '_token$', 'production$', d.text(LOWER + DIGITS, 16), '$', d.text(HEX, 32)),
  shopify: d => join('shp', 'at_', d.text(HEX, 32)),
  'shopify secret': d => join('shp', 'ss_', d.text(HEX, 32)),
  razorpay: d => join('rzp', '_live_', d.text(ALNUM, 14)),
  flutterwave: d => join('FLW', 'SECK-', d.text(HEX, 32), '-X'),
  plaid: d => join('access', '-production-', d.uuid()),
  easypost: d => join('EZ', 'AK', d.text(ALNUM, 54)),
  shippo: d => join('ship', 'po_live_', d.text(HEX, 40)),
  linear: d => join('lin', '_api_', d.text(ALNUM, 40)),
  notion: d => join('nt', 'n_', d.text(ALNUM, 46)),
  'notion old': d => join('sec', 'ret_', d.text(ALNUM, 43)),
  airtable: d => join('pa', 't', d.text(ALNUM, 14), '.', d.text(HEX, 64)),
  asana: d => join('1', '/', d.text(DIGITS.slice(1), 16), ':', d.text(HEX, 32)),
  'asana new': d => join('2', '/', d.text(DIGITS.slice(1), 16), '/', d.text(DIGITS.slice(1), 16), ':', d.text(HEX, 32)),
  atlassian: d => join('AT', 'ATT3xFf', d.text(ALNUM, 180), '=', d.text('0123456789ABCDEF', 8)),
  trello: d => join('AT', 'TA', d.text(HEX, 64)),
  clickup: d => join('p', 'k_', d.text(DIGITS.slice(1), 8), '_', d.text(UPPER + DIGITS, 32)),
  figma: d => join('fi', 'gd_', d.text(URLSAFE, 40)),
  typeform: d => join('tf', 'p_', d.text(URLSAFE, 44)),
  contentful: d => join('CF', 'PAT-', d.text(URLSAFE, 43)),
  hubspot: d => join('pa', 't-na1-', d.uuid()),
  'new relic': d => join('NR', 'AK-', d.text(UPPER + DIGITS, 27)),
  'new relic licence': d => join(d.text(HEX, 36), 'NR', 'AL'),
  grafana: d => join('gl', 'sa_', d.text(ALNUM, 32), '_', d.text(HEX, 8)),
  'grafana cloud': d => join('gl', 'c_', d.text(BASE64, 120)),
  dynatrace: d => join('dt', '0c01.', d.text(UPPER + DIGITS, 24), '.', d.text(UPPER + DIGITS, 64)),
  posthog: d => join('ph', 'x_', d.text(ALNUM, 43)),
  dropbox: d => join('s', 'l.', d.text(URLSAFE, 140)),
  facebook: d => join('EA', 'AC', d.text(ALNUM, 180)),
  'twitter bearer': d => join('A'.repeat(22), d.text(ALNUM, 80)),
  salesforce: d => join('00', 'D', d.text(ALNUM, 12), '!', d.text(ALNUM, 96)),
  zoho: d => join('1000', '.', d.text(HEX, 32), '.', d.text(HEX, 32)),
  mapbox: d => join('s', 'k.eyJ', d.text(ALNUM, 60), '.', d.text(URLSAFE, 22)),
  readme: d => join('rd', 'me_', d.text(LOWER + DIGITS, 70)),
  'slack bot': d =>
    join('xox', 'b-', d.text(DIGITS.slice(1), 12), '-', d.text(DIGITS.slice(1), 13), '-', d.text(ALNUM, 24)),
  'slack user': d =>
    join('xox', 'p-', d.text(DIGITS.slice(1), 12), '-', d.text(DIGITS.slice(1), 12), '-', d.text(HEX, 32)),
  'slack refresh': d => join('xox', 'e-1-', d.text(ALNUM, 140)),
  'slack app': d =>
    join('xa', 'pp-1-A', d.text(UPPER + DIGITS, 10), '-', d.text(DIGITS.slice(1), 13), '-', d.text(HEX, 64)),
  'discord bot': d => join('M', d.text(ALNUM, 23), '7.G', d.text(ALNUM, 5), '.', d.text(URLSAFE, 37), 'k'),
  telegram: d => join(d.text(DIGITS.slice(1), 10), ':A', 'A', d.text(ALNUM, 33)),
  'twilio key': d => join('S', 'K', d.text(HEX, 32)),
  sendgrid: d => join('S', 'G.', d.text(URLSAFE, 22), '.', d.text(URLSAFE, 43)),
  mailgun: d => join('ke', 'y-', d.text(HEX, 32)),
  'mailgun new': d => join(d.text(HEX, 32), '-', d.text(HEX, 8), '-', d.text(HEX, 8)),
  mailchimp: d => join(d.text(HEX, 32), '-u', 's21'),
  brevo: d => join('xke', 'ysib-', d.text(HEX, 64), '-', d.text(ALNUM, 16)),
  resend: d => join('r', 'e_', d.text(ALNUM, 8), '_', d.text(ALNUM, 24)),
  anthropic: d => join('sk-', 'ant-api03-', d.text(URLSAFE, 93), 'AA'),
  'anthropic oauth': d => join('sk-', 'ant-oat01-', d.text(URLSAFE, 93), 'AA'),
  openrouter: d => join('sk-', 'or-v1-', d.text(HEX, 64)),
  'openai project': d => join('sk-', 'proj-', d.text(URLSAFE, 155)),
  'openai service': d => join('sk-', 'svcacct-', d.text(URLSAFE, 100)),
  'openai user': d => join('sk-', d.text(ALNUM, 20), 'T3Blb', 'kFJ', d.text(ALNUM, 20)),
  deepseek: d => join('sk-', d.text(HEX, 32)),
  huggingface: d => join('h', 'f_', d.text(ALNUM, 34)),
  replicate: d => join('r', '8_', d.text(ALNUM, 37)),
  groq: d => join('gs', 'k_', d.text(ALNUM, 52)),
  perplexity: d => join('pp', 'lx-', d.text(ALNUM, 48)),
  xai: d => join('xa', 'i-', d.text(ALNUM, 80)),
  langsmith: d => join('lsv', '2_pt_', d.text(HEX, 32), '_', d.text(HEX, 10)),
  nvidia: d => join('nv', 'api-', d.text(URLSAFE, 64)),
  elevenlabs: d => join('s', 'k_', d.text(HEX, 48)),
  pinecone: d => join('pc', 'sk_', d.text(ALNUM, 6), '_', d.text(ALNUM, 63)),
  tavily: d => join('tv', 'ly-dev-', d.text(ALNUM, 32)),
  'age identity': d => join('AGE', '-SECRET-KEY-', '1', d.text(UPPER + DIGITS, 58)),
  nostr: d => join('ns', 'ec1', d.text(LOWER + DIGITS, 58)),
  'extended key': d => join('xp', 'rv9', d.text('123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz', 107)),
  jwt,
  'rsa key': d => block(d, join('RSA PRIV', 'ATE KEY'), 12, '\n'),
  'pkcs8 key': d => block(d, join('PRIV', 'ATE KEY'), 14, '\n'),
  'openssh key': d => block(d, join('OPENSSH PRIV', 'ATE KEY'), 6, '\n'),
  'ec key in JSON': d => block(d, join('EC PRIV', 'ATE KEY'), 3, '\\n'),
  'pgp block': d => block(d, join('PGP PRIV', 'ATE KEY BLOCK'), 20, '\n'),
  'encrypted key': d => block(d, join('ENCRYPTED PRIV', 'ATE KEY'), 8, '\r\n'),
};

/** Secrets that only a name beside them gives away. */
const ASSIGNED: Record<string, Maker> = {
  'aws secret in env': d => given('AWS_SECRET_ACCESS_KEY=', d.text(BASE64, 40)),
  'aws secret in ini': d => given('aws_secret_access_key = ', d.text(BASE64, 40)),
  'aws secret in json': d => given('"SecretAccessKey": "', d.text(BASE64, 40), '"'),
  'aws session token': d => given('aws_session_token=', d.text(BASE64, 220)),
  'azure account key': d =>
    given('DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=', `${d.text(BASE64, 86)}==`, ';'),
  'azure shared key': d =>
    given('Endpoint=sb://acme.example;SharedAccessKeyName=root;SharedAccessKey=', `${d.text(BASE64, 43)}=`),
  'azure sas': d => given('https://acme.blob.example/c?sv=2024-01-01&sig=', `${d.text(ALNUM, 43)}%3D`),
  'gcp key id': d => given('"private_key_id": "', d.text(HEX, 40), '"'),
  'heroku key': d => given('HEROKU_API_KEY=', d.uuid()),
  'cloudflare token': d => given('CLOUDFLARE_API_TOKEN=', d.text(URLSAFE, 40)),
  'vercel token': d => given('VERCEL_TOKEN=', d.text(ALNUM, 24)),
  'twilio auth token': d => given('TWILIO_AUTH_TOKEN=', d.text(HEX, 32)),
  'datadog key': d => given('DD_API_KEY=', d.text(HEX, 32)),
  'facebook secret': d => given('FACEBOOK_APP_SECRET=', d.text(HEX, 32)),
  'twitter secret': d => given('TWITTER_API_SECRET="', d.text(ALNUM, 50), '"'),
  'linkedin secret': d => given('LINKEDIN_CLIENT_SECRET=', d.text(ALNUM, 16)),
  'dropbox secret': d => given('DROPBOX_APP_SECRET=', d.text(LOWER + DIGITS, 15)),
  'cohere key': d => given('COHERE_API_KEY=', d.text(ALNUM, 40)),
  'mistral key': d => given('MISTRAL_API_KEY=', d.text(ALNUM, 32)),
  'wandb key': d => given('WANDB_API_KEY=', d.text(HEX, 40)),
  'bitcoin key': d =>
    given('private_key = "', `5K${d.text('123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz', 49)}`, '"'),
  'ethereum key': d => given('PRIVATE_KEY=', `0x${d.text(HEX, 64)}`),
  wireguard: d => given('PrivateKey = ', `${d.text(BASE64, 43)}=`),
  kubeconfig: d => given('client-key-data: ', d.text(BASE64, 200)),
  'docker login': d => given('"auth": "', d.text(BASE64, 40), '"'),
  npmrc: d => given('//registry.example/:_authToken=', d.uuid()),
  jwk: d => given('"d": "', d.text(URLSAFE, 43), '"'),
  'bearer header': d => given('Authorization: Bearer ', d.text(URLSAFE, 40)),
  'basic header': d => given('Authorization: Basic ', Buffer.from(`user:${d.text(ALNUM, 16)}`).toString('base64')),
  'token header': d => given("-H 'Authorization: token ", d.text(HEX, 40), "'"),
  'env api key': d => given('MY_SERVICE_API_KEY=', d.text(ALNUM, 32)),
  'yaml secret': d => given('client_secret: ', d.text(ALNUM, 40)),
  'json token': d => given('"access_token": "', d.text(URLSAFE, 48), '"'),
  'js token': d => given("const token = '", d.text(ALNUM, 36), "'"),
  'query token': d => given('https://api.example.com/v1/me?access_token=', d.text(ALNUM, 40)),
  'hex secret': d => given('SECRET_KEY_BASE=', d.text(HEX, 128)),
  'flag token': d => given('deploy --token ', d.text(ALNUM, 40)),
  'env password': d => given('DB_PASSWORD=', `${d.text(ALNUM, 6)}7aK!${d.text(ALNUM, 6)}`),
  'yaml password': d => given('password: ', `Zq4${d.text(ALNUM, 12)}`),
  'json password': d => given('"password": "', `${d.text(ALNUM, 7)}9xB$${d.text(ALNUM, 4)}`, '"'),
  'ado connection': d => given('Server=db.example;Database=app;User Id=app;Password=', `p${d.text(ALNUM, 11)}`, ';'),
  netrc: d => given('machine git.example login bob password ', d.text(ALNUM, 20)),
  'curl user': d => given('curl -u bob:', d.text(ALNUM, 14), ' https://api.example.com'),
  'slack webhook': d =>
    given(
      'https://hooks.slack.com/services/',
      `T${d.text(UPPER + DIGITS, 8)}/B${d.text(UPPER + DIGITS, 8)}/${d.text(ALNUM, 24)}`,
    ),
  'discord webhook': d =>
    given('https://discord.com/api/webhooks/', `${d.text(DIGITS.slice(1), 18)}/${d.text(URLSAFE, 68)}`),
  'teams webhook': d =>
    given(
      'https://acme.webhook.office.com/webhookb2/',
      `${d.uuid()}@${d.uuid()}/IncomingWebhook/${d.text(HEX, 32)}/${d.uuid()}`,
    ),
  'https user and password': d => given('https://', `bob:${d.text(ALNUM, 12)}`, '@git.example.com/org/repo.git'),
  'https token': d => given('https://', d.text(ALNUM, 30), '@git.example.com/org/repo.git'),
  'postgres url': d => given('postgres://', `app:${d.text(ALNUM, 16)}`, '@db.example:5432/app'),
  'postgres url with slash': d =>
    given('postgresql://', `app:${d.text(ALNUM, 6)}/${d.text(ALNUM, 6)}`, '@db.example/app'),
  'mongodb url': d => given('mongodb+srv://', `app:${d.text(ALNUM, 16)}`, '@cluster0.example.net/app'),
  'redis url': d => given('rediss://', `:${d.text(ALNUM, 32)}`, '@cache.example:6380/0'),
  'amqp url': d => given('amqps://', `app:${d.text(ALNUM, 20)}`, '@mq.example/vhost'),
  'ssh url': d => given('ssh://', `git:${d.text(ALNUM, 12)}`, '@git.example.com/repo'),
  'sentry dsn': d => given('https://', d.text(HEX, 32), '@o1.ingest.example.io/42'),
};

/** At least 300 shapes: each kind twice, with different bodies. */
export function secretShapes(rounds = 2): Shape[] {
  const dice = new Dice(20260131);
  const out: Shape[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [kind, make] of Object.entries({ ...TOKENS, ...ASSIGNED })) {
      const made = make(dice);
      out.push(typeof made === 'string' ? { kind, text: made, secret: made } : { kind, ...made });
    }
  }
  return out;
}
