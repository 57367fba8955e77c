/** core as a package: packed, installed in an empty folder without a network, and used there. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Example, examples } from '../support/example.ts'
import { callerFor } from '../support/http-caller.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const root = resolve(import.meta.dirname, '../..')

interface Description {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>
}
const describedIn = (folder: string): Description =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** Where this repository has the packages that another one needs, and those that they need. */
const needsOf = (folder: string): Map<string, string> => {
  const found = new Map<string, string>()
  const add = ({ dependencies = {} }: Description): void => {
    for (const name of Object.keys(dependencies)) {
      if (found.has(name)) continue
      const place = join(root, 'node_modules', name)
      found.set(name, place)
      add(describedIn(place))
    }
  }
  add(describedIn(folder))
  return found
}

let folder = ''
let packed: readonly string[] = []
const npm = (cwd: string, ...args: string[]): string =>
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
  })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardline-pack-'))
  const core = join(root, 'core')
  const [pack] = JSON.parse(npm(core, 'pack', '--json', '--pack-destination', folder))
  packed = pack.files.map(({ path }: { path: string }) => path)
  const dependencies = {
    '@wardline/core': `file:${pack.filename}`,
    ...Object.fromEntries([...needsOf(core)].map(([name, place]) => [name, `file:${place}`])),
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', dependencies }))
  // What is copied from here is installed already: nothing has to be run for it.
  npm(folder, 'install', '--offline', '--install-links', '--ignore-scripts')
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the package of core', () => {
  it('has everything that it exports, with types and sources, and no tests', () => {
    const { exports } = describedIn(join(folder, 'node_modules/@wardline/core'))
    const targets = Object.values(exports).flatMap(({ default: built = '', ...sources }) => [
      built,
      built.replace(/\.js$/, '.d.ts'),
      ...Object.values(sources),
    ])
    expect(targets.length).toBeGreaterThan(150)
    expect(packed).toEqual(expect.arrayContaining(targets.map((path) => path.slice('./'.length))))
    expect(packed).toEqual(expect.arrayContaining(['README.md', 'package.json']))
    expect(packed.filter((path) => /\.test\.|tsbuildinfo|^tsconfig/.test(path))).toEqual([])
  })

  it('runs the ten lines of docs/programs.md', async () => {
    const dataDir = await makeDataDir()
    const server = await start(dataDir)
    const pat = await callerFor(server.url, 'pat@demo.clinic')
    const { body } = await pat('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
    const messages = `/api/chat/chats/${body.chat.id}/messages`
    const place = join(folder, 'program.mjs')
    copyFileSync(join(examples, 'program.mjs'), place)
    const program = new Example(place, server.url)
    try {
      await expect
        .poll(() => program.output, { timeout: 15_000 })
        .toBe('The surgery opens at nine. stored\n')
      await pat('POST', messages, { text: 'May I come at ten?' })
      const last = async () => (await pat('GET', messages)).body.messages[0].text
      await expect.poll(last, { timeout: 15_000 }).toBe('I will look into it.')
    } finally {
      await program.end()
      await server.close()
      await removeDataDir(dataDir)
    }
  })

  it('has types that tell right from wrong', () => {
    const lines = (call: string) => [
      "import type { ChatId } from '@wardline/core/base/ids'",
      "import { connect } from '@wardline/core/node/connect'",
      "const ada = await connect({ url: '', email: '', password: '' })",
      'const ids: readonly ChatId[] = ada.chats().map(({ id }) => id)',
      call,
    ]
    const compile = (call: string): string => {
      writeFileSync(join(folder, 'typed.ts'), lines(call).join('\n'))
      const tsc = join(root, 'node_modules/.bin/tsc')
      const options = ['--noEmit', '--strict', '--module', 'nodenext', '--types', '']
      try {
        return execFileSync(tsc, [...options, 'typed.ts'], { cwd: folder, encoding: 'utf8' })
      } catch (error) {
        return (error as { stdout: string }).stdout
      }
    }
    expect(compile("await ada.send('dm.a.b', ids.join())")).toBe('')
    expect(compile("await ada.send('dm.a.b', ids)")).toContain("to parameter of type 'string'")
  })
})
