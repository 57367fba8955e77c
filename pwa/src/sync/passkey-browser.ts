/** Passkeys, as the browser and the system have them. */
import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'

export type PasskeyOutcome =
  | { kind: 'done'; answer: object }
  /** The person closed what the system asked, or waited too long. */
  | { kind: 'cancelled' }
  /** It is on this device already. */
  | { kind: 'known' }
  | { kind: 'failed' }

/** A passkey belongs to a name: at a bare address, or without TLS, there is none. */
export const canUsePasskeys = (): boolean =>
  browserSupportsWebAuthn() &&
  window.isSecureContext &&
  !/^(\d+\.){3}\d+$|:/.test(location.hostname)

/** Never rejects. @param options as the server gave them */
export const createPasskey = (options: object): Promise<PasskeyOutcome> =>
  outcomeOf(startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON }))

/** Never rejects. @param options as the server gave them */
export const usePasskey = (options: object): Promise<PasskeyOutcome> =>
  outcomeOf(startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON }))

const outcomeOf = async (asked: Promise<object>): Promise<PasskeyOutcome> => {
  try {
    return { kind: 'done', answer: await asked }
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'NotAllowedError' || name === 'AbortError') return { kind: 'cancelled' }
    return { kind: name === 'InvalidStateError' ? 'known' : 'failed' }
  }
}

/** What a person is told of it; undefined when it was done. */
export const passkeyProblem = (outcome: PasskeyOutcome): string | undefined => {
  switch (outcome.kind) {
    case 'done':
      return undefined
    case 'cancelled':
      return 'Nothing was chosen. Try again when you are ready.'
    case 'known':
      return 'This device has a passkey for you already.'
    case 'failed':
      return 'This device could not do that. Try again, or choose another way.'
  }
}
