/** docs/protocol.md against the program: its example runs, and the rules that tests cite exist. */
import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { monthOf, pageDoc } from '@wardline/core/base/ids'
import { logName } from '@wardline/core/chat/lanes'
import { GATE_CODES } from '@wardline/core/gate/gate-code'
import { CloseCode } from '@wardline/core/protocol/close-code'
import { rowsOf } from '@wardline/sync-server/storage/doc-content'
import { chat } from '@wardline/sync-server/sync/sync-test-kit'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { makeDataDir, removeDataDir, start, until } from './sync-kit.ts'

const root = resolve(import.meta.dirname, '../..')
const protocol = await readFile(join(root, 'docs/protocol.md'), 'utf8')

/** Files with tests, apart from what is installed or built. */
const testFiles = async (): Promise<string[]> => {
  const folders = ['core/src', 'sync-server/src', 'pwa/src', 'tests']
  const lists = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(root, folder), { recursive: true })
      return names.map((name) => join(root, folder, name))
    }),
  )
  return lists.flat().filter((name) => /\.(test|e2e)\.tsx?$/.test(name))
}

it('defines every rule once, and every rule that a test cites', async () => {
  const defined = [...protocol.matchAll(/\*\*(\[[A-Z]+-\d+\])\*\*/g)].map(([, id]) => id)
  expect(new Set(defined).size).toBe(defined.length)
  const cited = new Set<string>()
  for (const file of await testFiles())
    for (const [id] of (await readFile(file, 'utf8')).matchAll(/\[[A-Z]{2,}-\d+\]/g)) cited.add(id)
  for (const [id] of protocol.matchAll(/\[[A-Z]{2,}-\d+\]/g)) cited.add(id)
  expect([...cited].filter((id) => !defined.includes(id))).toEqual([])
})

it('lists every close code and every code of the gate', () => {
  for (const code of Object.values(CloseCode)) expect(protocol).toContain(`| ${code} |`)
  for (const code of Object.keys(GATE_CODES)) expect(protocol).toContain(`\n| \`${code}\` `)
})

it('has an example that runs', async () => {
  const dataDir = await makeDataDir()
  const server = await start(dataDir)
  const example = /```js\n(import \{ WebsocketProvider[\s\S]*?)```/.exec(protocol)?.[1] ?? ''
  // Node 20 has no WebSocket of its own.
  const program = `import { WebSocket } from 'ws'\nglobalThis.WebSocket ??= WebSocket\n${example}`
    .replaceAll('http://localhost:8080', server.url)
    .replaceAll('ws://localhost:8080', server.url.replace('http', 'ws'))
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd: root })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  try {
    const page = pageDoc(chat, monthOf(Date.now()))
    await until(async () => {
      const doc = new Y.Doc()
      for (const { update } of rowsOf(await server.store.read(page))) Y.applyUpdate(doc, update)
      expect(doc.getArray(logName(1)).length, said).toBe(1)
    })
    expect(said).toContain('0 entries of the doctor')
  } finally {
    child.kill()
    await server.close()
    await removeDataDir(dataDir)
  }
})
