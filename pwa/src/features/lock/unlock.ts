/** Proves that it is the person who comes back: by password, or by passkey. */
import type { SignedInRequests } from '../../sync/signed-in-request.ts'
import { canCheckHere, isSameHere, keepForLater } from './local-check.ts'

export type Unlocked = { ok: true } | { ok: false; message: string }

const wrong = { ok: false, message: 'This is not the password.' } as const

/** Never rejects. */
export const unlockByPassword = async (
  { ask }: Pick<SignedInRequests, 'ask'>,
  password: string,
): Promise<Unlocked> => {
  const answer = await ask('POST', '/api/auth/password/check', { password })
  switch (answer.kind) {
    case 'answer':
      await keepForLater(password)
      return { ok: true }
    case 'refused':
      return answer.code === 'wrong-password' ? wrong : { ok: false, message: answer.message }
    case 'throttled':
      return { ok: false, message: 'Too many attempts. Wait a while and try again.' }
    case 'signed-out':
    case 'unreachable':
      // What is here stays in reach of the person, with or without the clinic.
      if (!canCheckHere()) return { ok: false, message: 'The clinic cannot be reached. Try again.' }
      return (await isSameHere(password)) ? { ok: true } : wrong
  }
}

/** Asks the device for a passkey. Never rejects. */
export const unlockByPasskey = async ({
  ask,
}: Pick<SignedInRequests, 'ask'>): Promise<Unlocked> => {
  const options = await ask('POST', '/api/auth/passkeys/check/options')
  if (options.kind !== 'answer')
    return { ok: false, message: 'The clinic cannot be reached. Use your password.' }
  try {
    const { startAuthentication } = await import('@simplewebauthn/browser')
    const optionsJSON = options.body as Parameters<typeof startAuthentication>[0]['optionsJSON']
    const answer = await startAuthentication({ optionsJSON })
    const checked = await ask('POST', '/api/auth/passkeys/check', { answer })
    return checked.kind === 'answer'
      ? { ok: true }
      : { ok: false, message: 'This passkey is not one of yours here.' }
  } catch {
    return { ok: false, message: 'No passkey was used.' }
  }
}
