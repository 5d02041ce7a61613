import { plain, type Room } from '../room.ts';
import { accept } from './accept.ts';
import { answer, dismiss } from './answer.ts';
import { ask } from './ask.ts';
import { diff } from './diff.ts';
import { get } from './get.ts';
import { planLaws } from './laws.ts';
import { lint } from './lint.ts';
import { propose } from './propose.ts';
import { query } from './query.ts';
import { questions } from './questions.ts';
import { planRecord, questionRecord, verdictRecord } from './record.ts';
import { reject } from './reject.ts';
import { review } from './review.ts';
import { template } from './template.ts';

export const plans: Room = {
  name: 'plans',
  records: [plain(planRecord), plain(verdictRecord), plain(questionRecord)],
  laws: planLaws,
  operations: [propose, template, get, query, lint, diff, review, accept, reject, ask, answer, dismiss, questions],
};
