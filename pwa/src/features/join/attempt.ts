/**
 * Names one attempt to use a link, so that it can be repeated when its answer was lost, also after
 * the page was loaded anew. Nobody else knows it, and it is gone with the tab.
 */
import type { LinkSecret } from '../../sync/ways-in-api.ts'

const PREFIX = 'wardline-attempt '

const keyOf = (secret: LinkSecret): string =>
  PREFIX + ('token' in secret ? secret.token : secret.code.toUpperCase().replace(/[^0-9A-Z]/g, ''))

const draw = (): string =>
  [...crypto.getRandomValues(new Uint8Array(20))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')

/** The one of before, or a new one. */
export const attemptFor = (secret: LinkSecret): string => {
  const known = sessionStorage.getItem(keyOf(secret))
  if (known !== null) return known
  const attempt = draw()
  sessionStorage.setItem(keyOf(secret), attempt)
  return attempt
}

/** Whether this tab has tried to use it, and does not know what became of that. */
export const hasAttempted = (secret: LinkSecret): boolean =>
  sessionStorage.getItem(keyOf(secret)) !== null

export const forgetAttempt = (secret: LinkSecret): void => sessionStorage.removeItem(keyOf(secret))
