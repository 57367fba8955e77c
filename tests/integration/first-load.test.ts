/** What a phone loads before the list of chats, or the form to sign in, can be there. */
import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const dist = join(import.meta.dirname, '../../pwa/dist')
/** Bytes of script, compressed as servers do. */
const MOST = 100_000

/** All scripts that the page begins with, with those that they import. */
const firstScripts = async (): Promise<Map<string, string>> => {
  const page = await readFile(join(dist, 'index.html'), 'utf8').catch(() => {
    throw new Error('There is no build: npm run build')
  })
  const tags = page.match(/<script[^>]*\ssrc="[^"]+"|<link rel="modulepreload"[^>]*>/g) ?? []
  const paths = tags.flatMap((tag) => /(?:src|href)="([^"]+)"/.exec(tag)?.[1] ?? [])
  const scripts = new Map<string, string>()
  for (const path of paths) await take(path, scripts)
  return scripts
}

const take = async (path: string, scripts: Map<string, string>): Promise<void> => {
  if (scripts.has(path)) return
  const text = await readFile(join(dist, path), 'utf8')
  scripts.set(path, text)
  // What is imported at once, and not the `import()` of what comes later.
  for (const [, name = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*["'`](\.[^"'`]+)["'`]/g))
    await take(posix.join(posix.dirname(path), name), scripts)
}

test('the scripts of the first screen are small, and the page names all of them', async () => {
  const scripts = await firstScripts()
  const sizes = [...scripts].map(([path, text]) => [path, gzipSync(text).length] as const)
  const all = sizes.reduce((sum, [, size]) => sum + size, 0)
  expect(all, sizes.map(([path, size]) => `${path} ${size}`).join('\n')).toBeLessThanOrEqual(MOST)
  // None is found only once another one is here.
  const page = await readFile(join(dist, 'index.html'), 'utf8')
  expect([...scripts.keys()].filter((path) => !page.includes(path))).toEqual([])
  // The parts of it that come later are there, and not among them.
  expect(
    [...scripts.keys()].filter((path) =>
      /device|open-chat|layers|engine|removed|upload/.test(path),
    ),
  ).toEqual([])
})
