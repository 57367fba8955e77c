/** Where the app is in development: `CLIENT_URL`, an http origin. The server takes it as that, too. */
const DEFAULT = 'http://localhost:5173'

/**
 * @param {string | undefined} text what the environment says; nothing is the default
 * @returns {URL | undefined} undefined when no app can be served there
 */
export const addressOf = (text) => {
  const wanted = text?.trim() || DEFAULT
  const url = URL.canParse(wanted) ? new URL(wanted) : undefined
  return url?.protocol === 'http:' && url.href === `${url.origin}/` ? url : undefined
}
