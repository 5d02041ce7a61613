import { attachments } from './attachments.ts';
import { code } from './code.ts';
import { criteria } from './criteria.ts';
import { decisions } from './decisions.ts';
import { description } from './description.ts';
import { handoffs } from './handoffs.ts';
import { head } from './head.ts';
import { links } from './links.ts';
import { notes } from './notes.ts';
import { plan } from './plan.ts';
import { proofs } from './proofs.ts';
import { questions } from './questions.ts';
import { recorded } from './recorded.ts';
import type { Section, Subject } from './section.ts';
import { timeline } from './timeline.ts';
import { todos } from './todos.ts';
import { validation } from './validation.ts';
import { waivers } from './waivers.ts';
import { work } from './work.ts';

/** The sections of a report, in the order in which they are told. */
export const SECTIONS: readonly Section[] = [
  head,
  description,
  criteria,
  waivers,
  plan,
  questions,
  todos,
  work,
  validation,
  recorded,
  links,
  notes,
  code,
  proofs,
  attachments,
  decisions,
  handoffs,
  timeline,
];

/** A report, both ways: what each section tells by its key, and all of it as Markdown. */
export async function reportOn(subject: Subject): Promise<{ report: Record<string, unknown>; markdown: string }> {
  const report: Record<string, unknown> = {};
  const parts: string[][] = [];
  for (const { key, title, read, lines } of SECTIONS) {
    const data = await read(subject);
    if (data === undefined) continue;
    report[key] = data;
    parts.push([...(title === undefined ? [] : [`## ${title}`, '']), ...lines(data)]);
  }
  const text = parts.map(part => part.join('\n').trimEnd()).join('\n\n');
  return { report, markdown: `${text}\n` };
}
