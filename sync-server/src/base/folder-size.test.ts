import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folderSize } from './folder-size.ts'

it('is that of all files below, but for what is left out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wardline-size-'))
  try {
    await mkdir(join(folder, 'files', 'ab'), { recursive: true })
    await writeFile(join(folder, '000005.ldb'), 'x'.repeat(100))
    await writeFile(join(folder, 'files', 'ab', 'abcd'), 'x'.repeat(7))
    expect(await folderSize(folder)).toBe(107)
    expect(await folderSize(folder, ['files'])).toBe(100)
    expect(await folderSize(join(folder, 'nothing'))).toBe(0)
  } finally {
    await rm(folder, { recursive: true })
  }
})
