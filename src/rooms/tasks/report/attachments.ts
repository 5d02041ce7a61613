import { inline, literal } from '../../markdown.ts';
import { type Attachment, attachmentRecord } from '../record.ts';
import { byTime, defineSection, type Items, listed, some } from './section.ts';

export const attachments = defineSection<Items<Attachment & { id: string }>>({
  key: 'attachments',
  title: 'Attachments',
  read: async ({ context: { view }, id }) => some(byTime(await view.all(attachmentRecord, id)), 'last'),
  lines: items =>
    listed(items, ({ name, size, sha256, url, by }) => {
      const bytes = size === undefined ? '' : `, ${size} bytes`;
      return `- ${literal(name)}${bytes}, sha256 ${sha256.slice(0, 16)}…${url ? `, ${inline(url)}` : ''}, by ${by}`;
    }),
});
