/** The compiled server as a child, started again whenever what it runs changes. */
import { once } from 'node:events'
import { watch } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { root } from '../steps.mjs'
import { end, start } from './children.mjs'

/** What the compiler writes at once is written within this time, ms. */
const SETTLED_MS = 200
/** How often is looked whether it answers, ms. */
const LOOK_MS = 50

/** A port of this machine that nobody uses now. */
const freePort = async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address()
  holder.close()
  return String(port)
}

/** @param env for the server; without a PORT it gets a free one, and keeps it */
export const startServer = async (env) => {
  const port = env.PORT?.trim() || (await freePort())
  const url = `http://127.0.0.1:${port}`
  const open = () =>
    start('server', [process.execPath, join(root, 'sync-server/dist/main.js')], {
      ...env,
      HOST: '127.0.0.1',
      PORT: port,
    })
  let child = open()
  let again = Promise.resolve()
  const restart = async () => {
    await end(child)
    child = open()
  }
  let settling
  const changed = (_event, file) => {
    if (file !== null && !file.endsWith('.js')) return
    clearTimeout(settling)
    settling = setTimeout(() => {
      again = again.then(restart)
    }, SETTLED_MS)
  }
  const watchers = ['core/dist', 'sync-server/dist'].map((folder) =>
    watch(join(root, folder), { recursive: true }, changed),
  )
  return {
    url,
    /** Whether it answers, once it does, or has ended instead. */
    async answers() {
      while (child.exitCode === null && child.signalCode === null) {
        const answer = await fetch(`${url}/healthz`).catch(() => undefined)
        if (answer !== undefined) return true
        await wait(LOOK_MS)
      }
      return false
    },
    /** Starts nothing any more; what runs is left to {@link end}. */
    async rest() {
      clearTimeout(settling)
      for (const watcher of watchers) watcher.close()
      await again
    },
  }
}
