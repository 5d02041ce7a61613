import { canonicalReference } from '../../../kernel/intake.ts';
import { refuse } from '../../../kernel/operation.ts';
import { type Channel, MAX_INTAKE, MAX_ITEMS } from './channels.ts';
import { csv } from './csv.ts';
import { github, gitlab } from './hosts.ts';
import { excerptFrom, type Item, type Reader, titleFrom } from './item.ts';
import { mail } from './mail.ts';
import { plain } from './plain.ts';
import { slack } from './slack.ts';

const READERS: Readonly<Record<Channel, Reader>> = { github, gitlab, eml: mail, slack, csv, text: plain };
const HINT = 'ledgenter ask --help';

/** An ask that may be entered, or why there is none. */
export type Read =
  | { at: string; origin_ask_ref: string; title: string; description?: string }
  | { at: string; problem: string };

export interface Wish {
  /** Said beside the item, where it is the only one: counts more than what the item says. */
  origin_ask_ref?: string | undefined;
  title?: string | undefined;
  /** The beginning of its text becomes the description. */
  excerpt?: boolean | undefined;
}

/**
 * Reads the items of a channel as its command line, its events or its export write them. The text is anybody's: it is
 * bounded, only reference, title and (asked for) an excerpt are taken out of it, and nothing in it is followed or run.
 * @throws LedgerError BAD_INPUT, TOO_LARGE for a text that is no such thing at all
 */
export function readIntake(from: Channel, text: string, wish: Wish = {}): Read[] {
  if (text.length > MAX_INTAKE) refuse('TOO_LARGE', 'the text has more than 1 MB', { hint: HINT });
  const items = itemsOf(from, text);
  if (items.length === 0) refuse('BAD_INPUT', 'there is nothing in it', { hint: HINT });
  if (items.length > MAX_ITEMS)
    refuse('TOO_LARGE', `there are more than ${MAX_ITEMS} items in it`, { hint: 'split the file' });
  const { origin_ask_ref, title } = wish;
  if (items.length > 1 && (origin_ask_ref ?? title) !== undefined)
    refuse('BAD_INPUT', `a reference and a title are of one item, and there are ${items.length}`, { hint: HINT });
  return items.map(item => judged(item, wish));
}

function itemsOf(from: Channel, text: string): Item[] {
  try {
    return READERS[from](text);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return refuse('BAD_INPUT', `what ${from} says is JSON, and this is none`, { hint: HINT });
  }
}

function judged({ at, ref, title, body, problem }: Item, wish: Wish): Read {
  const given = wish.origin_ask_ref ?? ref;
  if (problem !== undefined && wish.origin_ask_ref === undefined) return { at, problem };
  if (given === undefined) return { at, problem: 'has no reference: give --origin-ask-ref' };
  const found = canonicalReference(given);
  if ('problem' in found) return { at, problem: `has a reference that ${found.problem}` };
  const words = titleFrom(wish.title ?? title);
  if (words === undefined) return { at, problem: 'has no title: give --title' };
  const description = wish.excerpt ? excerptFrom(body) : undefined;
  return { at, origin_ask_ref: found.ref, title: words, ...(description === undefined ? {} : { description }) };
}
