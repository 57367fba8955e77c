import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findNode24 } from './node24.mjs'

it('without a network, and nothing kept from before, there is no Node 24', {
  timeout: 60_000,
}, () => {
  const cache = mkdtempSync(join(tmpdir(), 'wardline-npx-'))
  const env = { ...process.env, npm_config_offline: 'true', npm_config_cache: cache }
  expect(findNode24(env)).toBeUndefined()
  rmSync(cache, { recursive: true })
})
