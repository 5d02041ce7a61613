import { quoted } from '../../markdown.ts';
import { defineSection, short } from './section.ts';

export const description = defineSection<string>({
  key: 'description',
  title: 'Description',
  read: ({ task }) => (task.description === undefined ? undefined : short(task.description)),
  lines: text => quoted(text),
});
