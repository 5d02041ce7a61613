import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import type { RecordDef } from '../../kernel/record.ts';
import type { View } from '../../kernel/view.ts';
import { RECORDS } from '../../rooms/index.ts';
import { inputFields } from '../inputs.ts';
import type { Registry } from '../registry.ts';
import { type Ask, offered, sources, variables } from './resources.ts';

/** Values that one completion may hold, by the protocol. */
const MAX = 100;

export interface Completion {
  values: string[];
  hasMore: boolean;
}

/** Names of records that begin as typed. Offered by no surface: it answers completion/complete only. */
const names = defineOperation<{ kind: string; typed: string }>({
  name: 'names',
  kind: 'read',
  summary: 'Names of records that begin with what was typed',
  input: () => z.strictObject({ kind: z.string(), typed: z.string() }),
  examples: [],
  async query({ view }, { kind, typed }) {
    const def = RECORDS.find(one => one.kind === kind && one.owner === undefined);
    return { names: def ? await beginning(view, def, typed.trim().toLowerCase()) : [] };
  },
});

async function beginning(view: View, def: RecordDef<unknown>, typed: string): Promise<string[]> {
  if (def.letter === '') return (await view.ids(def)).filter(name => name.startsWith(typed)).slice(0, MAX + 1);
  const head = `${def.letter}-`;
  const body = typed.startsWith(head) ? typed.slice(head.length) : head.startsWith(typed) ? '' : typed;
  const found: string[] = [];
  const fits = (part: string) => part.startsWith(body) || body.startsWith(part);
  for (const one of (await view.reader.list(def.room)).filter(fits))
    for (const two of (await view.reader.list(`${def.room}/${one}`)).filter(two => fits(one + two)))
      for (const name of await view.reader.list(`${def.room}/${one}/${two}`)) {
        const id = def.idOfName(name);
        if (id?.startsWith(head + body)) found.push(id);
        if (found.length > MAX) return found;
      }
  return found;
}

/** What may stand for the variable of a template, or the argument of a prompt, that names a record of `kind`. */
export async function completeName(ask: Ask, kind: string, typed: string): Promise<Completion> {
  const found = (await ask(names, { kind, typed })).names as string[];
  return { values: found.slice(0, MAX), hasMore: found.length > MAX };
}

/** Completes a variable of a resource template; nothing for one that is not there. */
export async function completeVariable(
  registry: Registry,
  ask: Ask,
  uri: string,
  variable: string,
  typed: string,
): Promise<Completion> {
  const source = sources(registry).find(({ resource }) => resource.uri === uri);
  if (!source || !variables(source).includes(variable)) return { values: [], hasMore: false };
  const field = inputFields(source).find(({ name }) => name === variable);
  if (field?.choices) return { values: field.choices.filter(choice => choice.startsWith(typed)), hasMore: false };
  if (typed === '' && source.resource.list) {
    // Nothing typed yet: the ones a list would show first, not those whose ids sort first.
    const { ids, cursor } = await offered(registry, source, ask, MAX);
    return { values: ids, hasMore: cursor !== undefined };
  }
  return completeName(ask, field?.id ?? variable.replace(/_id$/, ''), typed);
}
