import type { Holdable } from '../../kernel/holdlaws.ts';
import type { HoldFile } from '../../store/desk.ts';
import { commandOn, holdableAt } from '../records.ts';
import { lapsed } from '../renew.ts';
import { type Area, type Finding, finding } from './findings.ts';
import type { Look } from './look.ts';
import type { OddFile } from './premises.ts';

const MONTH_MS = 30 * 86_400_000;

/** The notes of this clone: damaged ones get another name, so that nothing that stood in them is lost. */
export async function checkDesk(look: Look): Promise<Area> {
  const { clone, premises } = look;
  const findings: Finding[] = (await premises.damagedNotes()).map(({ file, why }) =>
    finding('desk.damaged', {
      what: why,
      where: file,
      async mend() {
        const name = await premises.putAside(file);
        // The next number must be greater than any that this clone gave: the book knows the last one that landed.
        if (file.endsWith('/number')) await clone.desk.nextNumber(await lastNumber(look));
        return `put aside as ${name}`;
      },
    }),
  );
  findings.push(...(await holdFindings(look)));
  for (const { file, why } of await premises.leftFiles())
    findings.push(finding('desk.left', { what: why, where: file, mend: removing(look, file) }));
  return { check: 'desk', good: 'the notes of this clone can be read', findings };
}

async function lastNumber({ clone, tip }: Look): Promise<number> {
  return (await clone.book.landed.at(tip.book)).last(await clone.desk.writer());
}

async function holdFindings({ clone, tip, context }: Look): Promise<Finding[]> {
  const out: Finding[] = [];
  const grace = await clone.grace();
  for (const hold of await clone.desk.holds()) {
    const { id, lease_until } = hold;
    const where = `holds/${id}.json`;
    if (await isOver(clone, tip.at, hold)) {
      out.push(
        finding('desk.hold_over', {
          what: `this clone notes a claim of ${hold.actor} on ${id}, which the book has ended`,
          where,
          async mend() {
            await clone.desk.dropHold(id, hold.root);
            return `forgot the note; its root was ${hold.root}`;
          },
        }),
      );
    } else if (lapsed(lease_until, context.now, grace))
      out.push(
        finding('desk.hold_lapsed', {
          what: `the claim of ${hold.actor} on ${id} lapsed at ${lease_until}`,
          where,
          next: commandOn(clone.book, 'claim', id),
        }),
      );
  }
  return out;
}

/**
 * The book shows the record as finished, or under another tenure that began later. A provisional one, and one whose entry is
 * still on its way, is not over.
 */
async function isOver(clone: Look['clone'], commit: string, hold: HoldFile): Promise<boolean> {
  if (hold.provisional) return false;
  const found = await holdableAt(clone.book, commit, hold.id);
  if (!found) return false;
  if (found.def.final?.(found.record)) return true;
  const now = (found.record as Holdable).hold;
  return now !== undefined && now.root !== hold.root && now.since > hold.since;
}

/** Notes of runs in all worktrees: one that cannot be read counts as none, and a new run begins. */
export async function checkRuns({ premises, context }: Look): Promise<Area> {
  const aside = ({ file, why }: OddFile): Finding =>
    finding('runs.damaged', {
      what: why,
      where: file,
      mend: async () => `put aside as ${await premises.putAside(file)}`,
    });
  const stale = ({ file, why }: OddFile): Finding =>
    finding('runs.stale', { what: why, where: file, mend: removing({ premises }, file) });
  const findings = [
    ...(await premises.damagedRuns()).map(aside),
    ...(await premises.staleRuns(context.now - MONTH_MS)).map(stale),
  ];
  return { check: 'runs', good: 'the notes of runs can be read', findings };
}

const removing =
  ({ premises }: Pick<Look, 'premises'>, file: string) =>
  async (): Promise<string> => {
    await premises.remove(file);
    return 'removed';
  };
