import type { JsonPut } from './json.ts';
import { commandOf, lineOf, type Machine } from './machine.ts';

/** The name under which hosts know our server. */
export const SERVER = 'ledgenter';
/** How long a host waits for a hook of ours, in seconds. */
const PATIENCE_S = 20;

/** The line that a host runs when a session starts or ends. */
export function hookLine(machine: Machine, host: string, when: 'start' | 'end'): string {
  return lineOf(commandOf(machine, 'session-hook', host, when), machine.platform);
}

/** Knows a hook of ours again, also one that an older version or another place of installation wrote. */
function isOurs(host: string, when: 'start' | 'end'): (item: unknown) => boolean {
  const shape = new RegExp(`\\bsession-hook ${host} ${when}\\b`);
  return item => shape.test(JSON.stringify(item));
}

/** A server in the form that most hosts share. */
export function stdioServer(machine: Machine, more: Record<string, unknown> = {}): Record<string, unknown> {
  const [command, ...args] = commandOf(machine, 'mcp');
  return { ...more, command, args };
}

interface HookForm {
  /** Name of the event at this host. */
  event: string;
  /** Which of its causes, in the host's words. */
  matcher?: string;
  /** Of the timeout, in a second: 1, or 1000 where it counts milliseconds. */
  perSecond?: number;
  /** In seconds, where the host grants less than {@link PATIENCE_S}. */
  patience?: number;
  name?: string;
}

/** A hook as Claude Code has it and others took over: a list of groups, each with a list of commands. */
export function groupedHook(machine: Machine, host: string, when: 'start' | 'end', form: HookForm): JsonPut {
  const { event, matcher, perSecond = 1, patience = PATIENCE_S, name } = form;
  const command = hookLine(machine, host, when);
  const hook = { ...(name ? { name } : {}), type: 'command', command, timeout: patience * perSecond };
  return {
    kind: 'item',
    path: ['hooks', event],
    value: { ...(matcher ? { matcher } : {}), hooks: [hook] },
    mine: isOurs(host, when),
  };
}

/** A hook in a plain list of commands. */
export function plainHook(machine: Machine, host: string, when: 'start' | 'end', event: string): JsonPut {
  const command = hookLine(machine, host, when);
  return { kind: 'item', path: ['hooks', event], value: { command, timeout: PATIENCE_S }, mine: isOurs(host, when) };
}
