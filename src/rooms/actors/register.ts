import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { choice, key, title } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { needMaintainer } from './rank.ts';
import { ACTOR_KINDS, type Actor, actorRecord, ROLES } from './record.ts';
import { shown } from './show.ts';

const input = () =>
  z.strictObject({
    actor: key(),
    kind: z.optional(choice(ACTOR_KINDS)),
    role: z.optional(choice(ROLES)),
    name: z.optional(title()),
  });

export const register = defineOperation({
  name: 'actor.register',
  kind: 'write',
  summary: 'Enter an actor, or change its name, kind or role (kind and role: maintainers only)',
  input,
  positional: 'actor',
  examples: [
    { cli: 'ledgenter actor register grace --kind human --role maintainer', says: 'name a second maintainer' },
  ],
  subject: ({ actor, role }) => `registered ${actor}${role ? ` as ${role}` : ''}`,
  async decide(view, { actor, kind, role, name }, by) {
    const before = await view.get(actorRecord, actor);
    const own = actor === by.actor;
    const ranked = role !== undefined || kind !== undefined;
    if (!own || (ranked && before !== undefined)) await needMaintainer(view, by.actor, `registers ${actor}`);
    else if (!before && (role === 'maintainer' || (kind !== undefined && kind !== by.kind))) {
      refuse('NOT_MAINTAINER', `only a maintainer gives ${actor} another kind or role`);
    }
    const start: Actor = before ?? { kind: kind ?? (own ? by.kind : 'agent'), role: 'member', created_at: by.at };
    const after: Actor = { ...start, ...(kind ? { kind } : {}), ...(role ? { role } : {}), ...(name ? { name } : {}) };
    if (before && canonicalJson(before) === canonicalJson(after)) return { same: { actor } };
    return { files: [actorRecord.put(actor, after)], result: { actor } };
  },
  async show({ view }, { actor }) {
    return { actor: shown(String(actor), (await view.get(actorRecord, String(actor)))!) };
  },
});
