import { defineConfig } from '@playwright/test'
import { shell } from './support/chromium.ts'

// Every test starts its own server on a free port with its own data, so they can run side by side.
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.e2e.ts',
  outputDir: '../../test-results',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  workers: 2,
  retries: 0,
  use: {
    serviceWorkers: 'allow',
    screenshot: 'only-on-failure',
    launchOptions: shell(),
  },
})
