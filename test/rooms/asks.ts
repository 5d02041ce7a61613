/** One ask of a channel: a reference in one of its spellings, and a title. */
export interface Ask {
  origin_ask_ref: string;
  title: string;
}

/** Ways in which people and tools write the reference `n`, by channel; each row is one reference. */
const CHANNELS: readonly ((n: number) => readonly string[])[] = [
  n => [
    `github:acme/app#${n}`,
    `Acme/App#${n}`,
    `https://github.com/acme/app/issues/${n}`,
    `https://api.github.com/repos/Acme/app/issues/${n}`,
    `<https://github.com/acme/app/issues/${n}#issuecomment-7>`,
  ],
  n => [
    `gitlab:group/sub/app#${n}`,
    `https://gitlab.com/Group/sub/app/-/issues/${n}`,
    `https://gitlab.com/api/v4/projects/group%2Fsub%2Fapp/issues/${n}`,
  ],
  n => [`email:<m.${n}@Mail.Example.com>`, `Message-ID: <m.${n}@mail.example.com>`, `mid:m.${n}@mail.example.com`],
  n => [
    `https://acme.slack.com/archives/C01ABC/p17000000000${10_000 + n}`,
    `slack:acme/c01abc/1700000000.0${10_000 + n}`,
  ],
  n => [`jira:KEY-${n}`, `https://acme.atlassian.net/browse/key-${n}?focusedId=7`],
];

/** How many different references {@link hundredAsks} has. */
export const REFERENCES = 75;

/** A hundred asks over 75 references: every one once, and 25 of them again in whatever spelling comes. */
export function hundredAsks(random: () => number): Ask[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const spelled = (index: number): Ask => ({
    origin_ask_ref: pick(CHANNELS[index % CHANNELS.length]!(1 + Math.floor(index / CHANNELS.length))),
    title: `Ask ${index}, as ${pick(['anna', 'bob', 'cleo', 'dan'])} heard of it`,
  });
  const all = Array.from({ length: REFERENCES }, (_, index) => spelled(index));
  for (let again = all.length; again < 100; again++) all.push(spelled(Math.floor(random() * REFERENCES)));
  return all
    .map(ask => ({ ask, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ ask }) => ask);
}
