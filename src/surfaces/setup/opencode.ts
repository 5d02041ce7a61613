import { commandOf, type Machine } from './machine.ts';

/**
 * The plugin through which OpenCode, which has no hooks in its settings, tells a session what `prime` says: once for each
 * session, in the system prompt, where it is the same at every request.
 */
export function opencodePlugin(machine: Machine): string {
  const command = JSON.stringify(commandOf(machine, 'session-hook', 'opencode'));
  return `// Written by \`ledgenter setup opencode\`; \`ledgenter setup opencode --remove\` takes it away.
import { spawn } from "node:child_process"

const COMMAND = ${command}

/** What the hook prints; nothing when it fails or takes too long. */
function hook(when, session, cwd) {
  return new Promise(resolve => {
    const [program, ...args] = [...COMMAND, when]
    const child = spawn(program, args, { cwd, stdio: ["pipe", "pipe", "ignore"], timeout: 20_000, windowsHide: true })
    let out = ""
    child.stdout.on("data", part => (out += part))
    child.on("error", () => resolve(""))
    child.on("close", code => resolve(code === 0 ? out.trim() : ""))
    child.stdin.on("error", () => {})
    child.stdin.end(JSON.stringify({ session_id: session, source: "startup", cwd }))
  })
}

export const Ledgenter = async ({ directory }) => {
  const primed = new Map()
  return {
    "experimental.chat.system.transform": async ({ sessionID }, output) => {
      if (!sessionID) return
      if (!primed.has(sessionID)) primed.set(sessionID, hook("start", sessionID, directory))
      const text = await primed.get(sessionID)
      if (text) output.system.push(text)
    },
    dispose: async () => {
      if (primed.size > 0) await hook("end", [...primed.keys()].at(-1), directory)
    },
  }
}
`;
}
