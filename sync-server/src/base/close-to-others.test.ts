import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { closeToOthers } from './close-to-others.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-open-'))
})
afterEach(() => rm(folder, { recursive: true }))

const modes = async (): Promise<string[]> => {
  const names = ['.', ...(await readdir(folder, { recursive: true })).sort()]
  return Promise.all(
    names.map(
      async (name) => `${name} ${((await stat(join(folder, name))).mode & 0o777).toString(8)}`,
    ),
  )
}

it('closes what was open, as deep as others could get', async () => {
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'files', 'ab'), { recursive: true, mode: 0o755 })
  await mkdir(join(folder, 'closed'), { mode: 0o700 })
  for (const name of ['000003.log', 'jwt-secret', 'files/ab/cdef', 'closed/inside']) {
    await writeFile(join(folder, name), 'x')
    await chmod(join(folder, name), 0o644)
  }
  await chmod(join(folder, 'jwt-secret'), 0o600)
  expect(await closeToOthers(folder)).toBe(5)
  expect(await modes()).toEqual([
    '. 700',
    '000003.log 600',
    'closed 700',
    'closed/inside 644',
    'files 700',
    'files/ab 700',
    'files/ab/cdef 600',
    'jwt-secret 600',
  ])
  expect(await closeToOthers(folder)).toBe(0)
})
