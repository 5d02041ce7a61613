import { type Decision, decisionRecord, MARK, supersededRecord } from '../decisions/record.ts';
import { asRevision, type Knowledge, knowledgeRecord, revisionRecord } from '../knowledge/record.ts';
import { saysSame } from '../knowledge/rules.ts';
import { find } from '../lookup.ts';
import { once } from '../tasks/fields.ts';
import type { ImportedPage, ImportedRuling } from './entry.ts';
import type { Intake } from './intake.ts';

/**
 * A document as a page of knowledge; one that changed over there is revised, unless somebody wrote in the page here: then
 * the new text is a page of its own, and theirs stays.
 * @returns whether there was anything new
 */
export async function takePage(intake: Intake, page: ImportedPage, project: string | undefined): Promise<boolean> {
  const { ref, sha256, title, body, kind } = page;
  const source = await intake.source(ref);
  if (source?.sha256 === sha256) return false;
  const tags = once(page.tags.map(tag => tag.trim().toLowerCase()));
  const said = { title, body, kind, tags, ...(project === undefined ? {} : { project }) };
  const { actor, at } = intake.by;
  const before = source && (await find(intake.view, knowledgeRecord, source.record_id));
  const own = before !== undefined && before.updated_at === source?.at && !before.archived;
  if (own && saysSame(before, said)) {
    intake.keepSource(ref, source!.record_id, sha256);
    return true;
  }
  const id = own ? source!.record_id : intake.newPage();
  const record: Knowledge = {
    ...said,
    revision: own ? before.revision + 1 : 1,
    created_by: own ? before.created_by : actor,
    created_at: own ? before.created_at : at,
    updated_by: actor,
    updated_at: at,
  };
  intake.files.push(knowledgeRecord.put(id, record));
  if (own) intake.files.push(revisionRecord.put(String(before.revision), asRevision(before), id));
  intake.keepSource(ref, id, sha256);
  return true;
}

/**
 * A ruling; one that changed over there supersedes what it said before.
 * @returns whether there was anything new
 */
export async function takeDecision(
  intake: Intake,
  given: ImportedRuling,
  project: string | undefined,
): Promise<boolean> {
  const { ref, sha256, ...said } = given;
  const source = await intake.source(ref);
  if (source?.sha256 === sha256) return false;
  const id = intake.newDecision();
  const old = source?.record_id;
  const open =
    old !== undefined &&
    (await find(intake.view, decisionRecord, old)) !== undefined &&
    !(await find(intake.view, supersededRecord, MARK, old));
  const { actor: by, at } = intake.by;
  const record: Decision = {
    ...said,
    ...(project === undefined ? {} : { project }),
    ...(open ? { supersedes: old } : {}),
    by,
    at,
  };
  intake.files.push(decisionRecord.put(id, record));
  if (open) intake.files.push(supersededRecord.put(MARK, { by: id }, old));
  intake.keepSource(ref, id, sha256);
  return true;
}
