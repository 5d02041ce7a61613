import { type Item, jsonItems, numbered, object, own, type Reader, textOf } from './item.ts';

type Fields = NonNullable<ReturnType<typeof object>>;

/** One form in which a host or its command line tells of an issue: where its fields stand and what they are called. */
interface Form {
  find(told: Fields): Fields | undefined;
  /** The first of them that is there. */
  url: readonly string[];
  number: string;
  body: string;
}

/** `gh issue view --json`, `gh issue list --json`, the REST API; the events `issues` and `issue_comment`. */
const GITHUB: readonly Form[] = [
  { find: told => object(own(told, 'issue')), url: ['html_url'], number: 'number', body: 'body' },
  {
    find: told => (own(told, 'number') === undefined ? undefined : told),
    url: ['html_url', 'url'],
    number: 'number',
    body: 'body',
  },
];

/** `glab issue view -F json`, the REST API; issue events. */
const GITLAB: readonly Form[] = [
  {
    find: told =>
      /^(?:issue|work_item)$/.test(String(own(told, 'object_kind')))
        ? object(own(told, 'object_attributes'))
        : undefined,
    url: ['url'],
    number: 'iid',
    body: 'description',
  },
  {
    find: told => (own(told, 'iid') === undefined ? undefined : told),
    url: ['web_url'],
    number: 'iid',
    body: 'description',
  },
];

const reader =
  (forms: readonly Form[], says: string): Reader =>
  text =>
    jsonItems(text).map(({ at, value }): Item => {
      const told = object(value);
      const form = told && forms.find(one => one.find(told) !== undefined);
      const fields = told && form?.find(told);
      if (!form || !fields) return { at, problem: `is no issue as ${says}` };
      const url = form.url.map(name => own(fields, name)).find(found => found !== undefined);
      const words = { title: textOf(own(fields, 'title')), body: textOf(own(fields, form.body)) };
      return { at, ...words, ...numbered(url, own(fields, form.number)) };
    });

export const github = reader(GITHUB, 'gh issue view --json number,title,url or an issue event has it');
export const gitlab = reader(GITLAB, 'glab issue view -F json or an issue event has it');
