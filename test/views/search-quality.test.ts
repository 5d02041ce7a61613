import { readFileSync } from 'node:fs';
import MiniSearch from 'minisearch';
import t from 'tap';
import { recordId } from '../../src/kernel/ids.ts';
import { RECORDS } from '../../src/rooms/index.ts';
import { type Knowledge, knowledgeRecord } from '../../src/rooms/knowledge/record.ts';
import { SearchIndexes } from '../../src/views/search/index.ts';
import { World } from './world.ts';

/** An answer that questions on its topic should find; without a topic, one that looks like an answer and is none. */
interface Entry {
  key: string;
  topic?: string;
  kind: Knowledge['kind'];
  title: string;
  body: string;
  tags: string[];
}
interface Question {
  topic: string;
  question: string;
  set: 'tune' | 'heldout';
}

const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../fixtures/search/${name}.json`, import.meta.url), 'utf8'));
const entries = fixture<Entry[]>('entries');
const questions = fixture<Question[]>('questions');
/** What each topic is about, in other words than anybody's answer: the hardest way to ask. */
const situations = fixture<{ id: string; situation: string }[]>('topics');

const AT = '2026-01-01T00:00:00.000Z';
/** Finds of a question that count. */
const TOP = 5;
/** A little less than either half found when the weights were fixed. */
const FLOOR = 0.85;

type Find = (question: string) => Promise<string[]>;

async function ours(): Promise<Find> {
  const world = new World();
  const keys = new Map(entries.map(({ key }) => [recordId('w', key), key]));
  const by = { revision: 1, created_by: 'ann', created_at: AT, updated_by: 'ann', updated_at: AT };
  await world.write(
    entries.map(({ key, topic: _hidden, ...said }) => knowledgeRecord.put(recordId('w', key), { ...said, ...by })),
  );
  const index = new SearchIndexes(world.store, RECORDS).at(world.tip);
  return async text => (await index.search({ text, limit: TOP })).hits.map(({ id }) => keys.get(id)!);
}

function defaults(): Find {
  const index = new MiniSearch({ idField: 'key', fields: ['title', 'tags', 'body'] });
  index.addAll(entries.map(entry => ({ ...entry, tags: entry.tags.join(' ') })));
  return async text => index.search(text).map(({ id }) => String(id));
}

/** The share of the answers to a question that are among its first finds, over all that are asked. */
async function recall(find: Find, asked: readonly Question[]) {
  const misses: string[] = [];
  let sum = 0;
  for (const { topic, question } of asked) {
    const wanted = entries.filter(entry => entry.topic === topic).map(({ key }) => key);
    const found = (await find(question)).slice(0, TOP);
    const missed = wanted.filter(key => !found.includes(key));
    sum += 1 - missed.length / wanted.length;
    if (missed.length > 0) misses.push(`${question} (${topic}: ${missed.join(', ')}; found ${found.join(', ')})`);
  }
  return { score: sum / asked.length, misses };
}

t.test(
  'questions written without sight of the entries find them, held-out ones too, better than by the defaults',
  async t => {
    t.equal(entries.length, 200);
    t.equal(questions.length, 60);
    const [own, other] = [await ours(), defaults()];
    for (const half of ['tune', 'heldout'] as const) {
      const asked = questions.filter(({ set }) => set === half);
      const [mine, theirs] = [await recall(own, asked), await recall(other, asked)];
      t.comment(`recall@${TOP} ${half}: ${mine.score.toFixed(3)}, by the defaults ${theirs.score.toFixed(3)}`);
      for (const miss of mine.misses) t.comment(`missed: ${miss}`);
      t.ok(mine.score >= theirs.score, `${half}: ${mine.score} is not less than ${theirs.score}`);
      t.ok(mine.score >= FLOOR, `${half}: ${mine.score}`);
    }
  },
);

t.test('described in other words than the answer has, more is found than by the defaults', async t => {
  const [own, other] = [await ours(), defaults()];
  for (const half of ['tune', 'heldout'] as const) {
    const asked = questions
      .filter(({ set }) => set === half)
      .map(({ topic, set }) => ({ topic, set, question: situations.find(({ id }) => id === topic)!.situation }));
    const [mine, theirs] = [await recall(own, asked), await recall(other, asked)];
    t.comment(
      `recall@${TOP} of situations, ${half}: ${mine.score.toFixed(3)}, by the defaults ${theirs.score.toFixed(3)}`,
    );
    t.ok(mine.score > theirs.score, `${half}: ${mine.score} is more than ${theirs.score}`);
  }
});
