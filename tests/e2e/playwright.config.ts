import { defineConfig } from '@playwright/test'

// Where neither is said Playwright takes its own headless shell.
const executablePath = process.env.HEADLESS_SHELL_PATH ?? process.env.CHROMIUM_PATH

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
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
