import { execFileSync } from 'node:child_process';

/**
 * An auditor: counts the hours of a book from `git log` alone, minute by minute, as somebody would who has the repository
 * and docs/TIME.md and no line of the product. Times in the book are taken to be whole minutes.
 */
export interface Audit {
  /** Minutes by session, in the order of the book; corrected ones below `corrected`. */
  sessions: { root: string; task: string; actor: string; minutes: number; corrected: number; ticks: number[] }[];
  /** Names of fields in the newest tree that look like somebody typed a time spent, with their files. */
  typed: string[];
}

const MINUTE = 60_000;

export function audit(cwd: string, tip: string, now: number): Audit {
  const git = (args: string[], input = ''): string =>
    execFileSync('git', args, { cwd, input, encoding: 'utf8', maxBuffer: 1 << 28 });
  const blobs = (oids: string[]): Map<string, string> => {
    const out = execFileSync('git', ['cat-file', '--batch'], {
      cwd,
      input: `${oids.join('\n')}\n`,
      maxBuffer: 1 << 28,
    });
    const found = new Map<string, string>();
    for (let at = 0; at < out.length; ) {
      const end = out.indexOf(10, at);
      const [oid = '', , size] = out.toString('utf8', at, end).split(' ');
      found.set(oid, out.toString('utf8', end + 1, end + 1 + Number(size)));
      at = end + 2 + Number(size);
    }
    return found;
  };

  // biome-ignore lint/suspicious/noExplicitAny: an auditor takes the JSON as it lies there
  type Any = any;
  const log = git([
    'log',
    '--first-parent',
    '--reverse',
    '--root',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '-z',
    '--format=%x01%H%n%B%x02',
    tip,
  ]);
  const commits = log
    .split('\x01')
    .slice(1)
    .map(text => {
      const [head = '', raw = ''] = text.split('\x02');
      const parts = raw
        .replace(/^\0*\n?/, '')
        .split('\0')
        .filter(part => part.trim() !== '');
      const files: { path: string; oid: string }[] = [];
      for (let n = 0; n + 1 < parts.length; n += 2) files.push({ oid: parts[n]!.split(' ')[3]!, path: parts[n + 1]! });
      const json = head.split('\n').find(line => line.startsWith('{'));
      return { intent: json ? (JSON.parse(json) as Any).intent : undefined, files };
    })
    .filter(({ intent }) => intent);
  const wanted = commits.flatMap(({ files }) => files).filter(({ path }) => /^tasks\//.test(path));
  const text = blobs([...new Set(wanted.map(({ oid }) => oid))].filter(oid => !/^0+$/.test(oid)));
  const read = (oid: string): Any => JSON.parse(text.get(oid)!);

  interface Tenure {
    root: string;
    task: string;
    actor: string;
    from: number;
    lease: number;
    to?: number;
    away: [number, number?][];
    minutes: number;
  }
  const tenures: Tenure[] = [];
  const holder = new Map<string, Tenure>();
  for (const { intent, files } of commits) {
    const at = Date.parse(intent.at);
    for (const { path, oid } of files) {
      const [room, , , task = '', kind] = path.split('/');
      if (room !== 'tasks') continue;
      if (kind === 'task.json') {
        const { hold } = read(oid);
        const was = holder.get(task);
        if (was && hold?.root === was.root) {
          was.lease = Math.max(was.lease, Date.parse(hold.lease_until));
          const away = was.away.find(([, back]) => back === undefined);
          if (hold.offer && !away) was.away.push([at]);
          if (!hold.offer && away) away[1] = at;
          continue;
        }
        if (was) {
          if (intent.prev?.root === was.root) was.lease = Math.max(was.lease, Date.parse(intent.prev.lease_until));
          was.to = hold ? Math.min(at, was.lease) : at;
          holder.delete(task);
        }
        if (hold) {
          const begun = {
            root: hold.root,
            task: `t-${task}`,
            actor: hold.actor,
            from: Date.parse(hold.since),
            lease: Date.parse(hold.lease_until),
            away: [],
            minutes: 0,
          };
          tenures.push(begun);
          holder.set(task, begun);
        }
      } else if (kind === 'pauses') {
        const { kind: turn, session_id, at: when } = read(oid);
        const tenure = tenures.find(one => one.root === session_id && one.task === `t-${task}`)!;
        if (turn === 'pause') tenure.away.push([Date.parse(when)]);
        else tenure.away.at(-1)![1] = Date.parse(when);
      } else if (kind === 'corrections') {
        const { session_id, minutes } = read(oid);
        tenures.find(one => one.root === session_id && one.task === `t-${task}`)!.minutes += minutes;
      }
    }
  }
  const sessions = tenures.map(({ root, task, actor, from, lease, to, away, minutes }) => {
    const end = to ?? Math.min(now, lease);
    const ticks: number[] = [];
    for (let tick = from; tick < end; tick += MINUTE)
      if (!away.some(([gone, back]) => tick >= gone && tick < (back ?? Number.POSITIVE_INFINITY))) ticks.push(tick);
    return { root, task, actor, minutes: ticks.length, corrected: Math.max(0, ticks.length + minutes), ticks };
  });

  const typed: string[] = [];
  const files = git(['ls-tree', '-r', '-z', tip]).split('\0').filter(Boolean);
  const all = blobs(files.map(line => line.split(/[ \t]/)[2]!));
  for (const line of files) {
    const [, , oid = '', path = ''] = line.split(/[ \t]/);
    const walk = (value: Any): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        if (/hour|minute|duration|spent|worked|seconds|_ms$/.test(name))
          typed.push(`${path.split('/').at(-2)}: ${name}`);
        walk(inner);
      }
    };
    walk(JSON.parse(all.get(oid)!));
  }
  return { sessions, typed };
}
