/** docs/protocol.md against the program: its example runs, and its codes are those that there are. */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
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
