import { GRACE_MS } from '../../src/kernel/hold.ts';
import type { TaskFilter } from '../../src/rooms/tasks/ports.ts';
import type { Task } from '../../src/rooms/tasks/record.ts';
import { NOW } from './world.ts';

/** The index's promises in the plainest words, over all tasks at once. */
export class Model {
  readonly tasks: Map<string, Task>;

  constructor(tasks: Map<string, Task>) {
    this.tasks = tasks;
  }

  waits(id: string): string[] {
    const { status, depends_on } = this.tasks.get(id)!;
    if (over(status)) return [];
    return depends_on.filter(other => this.tasks.get(other)?.status !== 'done');
  }

  ready(id: string): boolean {
    const { status, hold, start_on, plan_required } = this.tasks.get(id)!;
    const lapsed = status === 'in_progress' && Date.parse(hold!.lease_until) + GRACE_MS < NOW;
    if (status !== 'open' && !lapsed) return false;
    return this.waits(id).length === 0 && !plan_required && (start_on ?? '') <= '2026-03-01';
  }

  /** Ids in claim order. */
  list(filter: TaskFilter): string[] {
    const ids = [...this.tasks.keys()].filter(id => this.#fits(id, filter));
    return ids.sort((a, b) => (this.#order(a) < this.#order(b) ? -1 : 1));
  }

  claimable(actor: string): string[] {
    const ready = this.list({ ready: true });
    const mine = ready.filter(id => this.tasks.get(id)!.assignee === actor);
    const free = ready.filter(id => {
      const { assignee, status } = this.tasks.get(id)!;
      return assignee !== actor && (assignee === undefined || status === 'in_progress');
    });
    return [...mine, ...free];
  }

  #fits(id: string, filter: TaskFilter): boolean {
    const task = this.tasks.get(id)!;
    if (task.labels.includes('tombstone') && !filter.all) return false;
    if (filter.ready && !this.ready(id)) return false;
    if (filter.status && !filter.status.includes(task.status)) return false;
    if (filter.project && task.project !== filter.project) return false;
    if (filter.projects && !filter.projects.includes(task.project ?? 'none')) return false;
    if (filter.finished_since && !((task.finished_at ?? '') >= filter.finished_since)) return false;
    if (filter.parent && task.parent !== filter.parent) return false;
    if (filter.holder && task.hold?.actor !== filter.holder) return false;
    if (filter.assignee === 'unassigned' && task.assignee !== undefined) return false;
    if (filter.assignee && filter.assignee !== 'unassigned' && task.assignee !== filter.assignee) return false;
    if (filter.labels && !filter.labels.every(label => task.labels.includes(label))) return false;
    const words = (filter.text ?? '').toLowerCase().split(' ');
    return words.every(word => task.title.toLowerCase().includes(word));
  }

  #order(id: string): string {
    const { priority, due_on, created_at } = this.tasks.get(id)!;
    const created = created_at === 'long ago' ? '9999' : created_at;
    return [priority, due_on ?? '9999', created, id].join(' ');
  }
}

const over = (status: string | undefined) => status === 'done' || status === 'cancelled';
