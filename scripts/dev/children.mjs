/** Processes of this one that end with it, and with all that they started themselves. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { root } from '../steps.mjs'

/** How long one that was asked to end may take, ms. The server closes its database in that. */
const PATIENCE_MS = 8_000

const running = new Set()

/** Signals the whole group; one that is over has none. */
const signal = (child, name) => {
  try {
    process.kill(-child.pid, name)
  } catch {}
}

// However this process ends, nothing of it stays.
process.on('exit', () => {
  for (const child of running) signal(child, 'SIGKILL')
})

/**
 * Starts a program. Its lines are shown with its name before them. It leads a process group of its
 * own, so Ctrl-C in the terminal does not reach it: this process ends it, once.
 *
 * @param {string} name
 * @param {readonly string[]} command
 * @param {Record<string, string | undefined>} env
 */
export const start = (name, [program, ...args], env = process.env) => {
  const child = spawn(program, args, {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => console.log(`${name} | ${line}`))
  return child
}

/** Ends a child; resolves when it is gone. */
export const end = async (child) => {
  if (!running.has(child)) return
  const gone = once(child, 'exit')
  signal(child, 'SIGTERM')
  const hurry = setTimeout(signal, PATIENCE_MS, child, 'SIGKILL')
  await gone
  clearTimeout(hurry)
}

export const endAll = () => Promise.all([...running].map(end))
