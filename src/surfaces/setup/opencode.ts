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

/** The plugin that asks `guard` before a tool of OpenCode runs; what it throws stops the tool and is told to the model. */
export function opencodeGuard(machine: Machine): string {
  const command = JSON.stringify(commandOf(machine, 'guard', '--hook', 'opencode'));
  return `// Written by \`ledgenter setup opencode --guard\`; \`ledgenter setup opencode --remove\` takes it away.
import { spawn } from "node:child_process"

const COMMAND = ${command}

/** Why not; nothing where it may, or where the guard fails or takes too long. */
function refusal(tool, args, cwd) {
  return new Promise(resolve => {
    const [program, ...words] = COMMAND
    const child = spawn(program, words, { cwd, stdio: ["pipe", "ignore", "pipe"], timeout: 10_000, windowsHide: true })
    let said = ""
    child.stderr.on("data", part => (said += part))
    child.on("error", () => resolve(""))
    child.on("close", code => resolve(code === 2 ? said.trim() || "ledgenter guard says no" : ""))
    child.stdin.on("error", () => {})
    child.stdin.end(JSON.stringify({ tool_name: tool, tool_input: args, cwd }))
  })
}

export const LedgenterGuard = async ({ directory }) => ({
  "tool.execute.before": async ({ tool }, output) => {
    if (!/^(write|edit|multiedit|patch|apply_patch)$/.test(tool)) return
    const why = await refusal(tool, output.args, directory)
    if (why) throw new Error(why)
  },
})
`;
}
