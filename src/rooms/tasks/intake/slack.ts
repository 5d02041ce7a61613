import { type Item, jsonItems, object, own, type Reader, textOf } from './item.ts';

type Fields = NonNullable<ReturnType<typeof object>>;

const PERMALINK = /^<?(https:\/\/[a-z0-9.-]+\.slack\.com\/archives\/[^\s>|]+)/i;

/**
 * A message as Slack has it: with its `permalink` (search, `chat.getPermalink`), or within the payload of a shortcut, which
 * names workspace and channel. A line that is a permalink says no title.
 */
export const slack: Reader = text => {
  const link = PERMALINK.exec(text.trim());
  if (link) return [{ at: '', ref: link[1]!, title: rest(text.trim().slice(link[0].length)) }];
  return jsonItems(text).flatMap(({ at, value }) => {
    const matches = own(object(own(object(value), 'messages')), 'matches');
    if (!Array.isArray(matches)) return [message(at, value)];
    return matches.map((one, index) => message(`match ${index + 1}`, one));
  });
};

const rest = (text: string): string | undefined => text.replace(/^[|>\s-]+/, '').split('\n')[0] || undefined;

function message(at: string, value: unknown): Item {
  const told = object(value);
  const inner = object(own(told, 'message')) ?? object(own(told, 'event')) ?? told;
  const text = textOf(own(inner, 'text'));
  const ref = told && inner && (linkOf(told) ?? linkOf(inner) ?? placeOf(told, inner));
  const words = text === undefined ? undefined : plain(text);
  const title = words?.split('\n').find(line => line.trim() !== '');
  const problem = 'has no permalink and no workspace: give its permalink with --origin-ask-ref';
  return { at, ref, title, body: words, ...(ref === undefined ? { problem } : {}) };
}

const linkOf = (fields: Fields): string | undefined => PERMALINK.exec(textOf(own(fields, 'permalink')) ?? '')?.[1];

/** The id of a workspace is another name than the one in its permalinks: by it one message would be two. */
function placeOf(told: Fields, inner: Fields): string | undefined {
  const team = textOf(own(object(own(told, 'team')), 'domain')) ?? textOf(own(told, 'team_domain'));
  const where = own(told, 'channel') ?? own(inner, 'channel');
  const channel = textOf(where) ?? textOf(own(object(where), 'id'));
  const ts = textOf(own(inner, 'ts')) ?? textOf(own(told, 'message_ts'));
  return team && channel && ts ? `slack:${team}/${channel}/${ts}` : undefined;
}

/** What Slack marks in a text as it reads to people: links by their labels, channels and people by their names. */
function plain(text: string): string {
  return text
    .slice(0, 16_384)
    .replace(/<([^<>|]{0,1024})(?:\|([^<>]{0,256}))?>/g, (_all, target: string, label?: string) => {
      const sign = /^[@#]/.exec(target)?.[0] ?? '';
      return label === undefined || label === '' ? target : `${label.startsWith(sign) ? '' : sign}${label}`;
    })
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
