/**
 * The one script address that this program ever hands to the browser. Under
 * `require-trusted-types-for 'script'` a plain string is refused; the policy lets this one through.
 */
export const workerUrl = '/sw.js'

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown }
}

/** The address as the browser wants it: a TrustedScriptURL where there is such a thing. */
export const trustedWorkerUrl = (
  trustedTypes = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes,
): string => {
  if (trustedTypes === undefined) return workerUrl
  const policy = trustedTypes.createPolicy('wardline', {
    createScriptURL: (url) => {
      if (url !== workerUrl) throw new TypeError(`not a script of Wardline: ${url}`)
      return url
    },
  })
  // Typed as text because not every browser, nor TypeScript's library, has the type.
  return policy.createScriptURL(workerUrl) as string
}
