/** How the browsers of the tests are started. */
import type { LaunchOptions } from '@playwright/test'

export const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const { CHROMIUM_PATH, HEADLESS_SHELL_PATH } = process.env

/** For most: where neither is said Playwright takes its own headless shell. */
export const shell = (): LaunchOptions => {
  const executablePath = HEADLESS_SHELL_PATH ?? CHROMIUM_PATH
  return { ...(executablePath && { executablePath }), args: flags }
}

/** The whole browser, for what the headless shell does not have: notifications, sound that comes in. */
export const wholeBrowser = (...more: readonly string[]): LaunchOptions => ({
  ...(CHROMIUM_PATH ? { executablePath: CHROMIUM_PATH } : { channel: 'chromium' }),
  args: [...flags, ...more],
})
