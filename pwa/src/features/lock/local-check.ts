/**
 * Whether a password is the one that opened this device last, without a network: a slow hash of it
 * stays here from then on. Whoever can read that can read the chats beside it as well.
 */
const KEPT = 'wardline-lock-check'
/** As much as a person waits for. */
const ROUNDS = 600_000

const hash = async (password: string, salt: Uint8Array<ArrayBuffer>): Promise<string> => {
  const bytes = new TextEncoder().encode(password.normalize('NFKC'))
  const key = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits'])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS }
  return text(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)))
}

const text = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))

export const canCheckHere = (): boolean => localStorage.getItem(KEPT) !== null

export const keepForLater = async (password: string): Promise<void> => {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  localStorage.setItem(KEPT, `${text(salt)} ${await hash(password, salt)}`)
}

/** False also where nothing is kept. */
export const isSameHere = async (password: string): Promise<boolean> => {
  const [salt, kept] = (localStorage.getItem(KEPT) ?? '').split(' ')
  if (salt === undefined || kept === undefined) return false
  return (await hash(password, bytesOf(salt))) === kept
}
