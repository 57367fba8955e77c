/**
 * What a browser and an authenticator are asked, and whether their answers hold: WebAuthn without
 * any storage. The person is always verified by the authenticator (a finger, a face, a PIN): a
 * passkey stands for possession and the person at once.
 */
import { createHash } from 'node:crypto'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { UserId } from '@wardline/core/base/ids'
import { CHALLENGE_LIFETIME } from './challenges.ts'
import type { Passkey } from './passkey-record.ts'

/** A quarter of what a start of the server reads, for a clinic that may have no passkey yet. */
const webAuthn = () => import('@simplewebauthn/server')

/** EdDSA, ES256, RS256: what authenticators have. */
const ALGORITHMS = [-8, -7, -257]

export type CreationOptions = PublicKeyCredentialCreationOptionsJSON
export type RequestOptions = PublicKeyCredentialRequestOptionsJSON

/** The same for all passkeys of a person, and says nothing about them. */
const handleOf = (user: UserId): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(`wardline user ${user}`).digest())

export interface CreationRequest {
  readonly origin: string
  readonly challenge: string
  /** The clinic's name, which the browser may show. */
  readonly clinic: string
  readonly user: { readonly id: UserId; readonly name: string; readonly email?: string }
  /** Those that the person has: an authenticator makes no second one beside them. */
  readonly known: readonly Passkey[]
}

export const creationOptions = async (request: CreationRequest): Promise<CreationOptions> =>
  (await webAuthn()).generateRegistrationOptions({
    rpName: request.clinic,
    rpID: hostOf(request.origin),
    userID: handleOf(request.user.id),
    userName: request.user.email ?? request.user.name,
    userDisplayName: request.user.name,
    challenge: Buffer.from(request.challenge, 'base64url'),
    timeout: CHALLENGE_LIFETIME,
    attestationType: 'none',
    excludeCredentials: request.known.map(({ credential, transports }) => ({
      id: credential,
      transports: [...transports],
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })

export const requestOptions = async (
  origin: string,
  challenge: string,
  known: readonly Passkey[] = [],
): Promise<RequestOptions> =>
  (await webAuthn()).generateAuthenticationOptions({
    rpID: hostOf(origin),
    challenge: Buffer.from(challenge, 'base64url'),
    timeout: CHALLENGE_LIFETIME,
    userVerification: 'required',
    allowCredentials: known.map(({ credential, transports }) => ({
      id: credential,
      transports: [...transports],
    })),
  })

/** What of a passkey a browser's answer tells. */
export type CreatedPasskey = Pick<
  Passkey,
  'credential' | 'publicKey' | 'counter' | 'transports' | 'host'
>

/** @param isAsked takes the challenge, and says whether it was given out for this */
export const readCreation = async (
  answer: unknown,
  origin: string,
  isAsked: (challenge: string) => boolean,
): Promise<CreatedPasskey | undefined> => {
  const { verifyRegistrationResponse } = await webAuthn()
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: answer as RegistrationResponseJSON,
      expectedChallenge: isAsked,
      expectedOrigin: origin,
      expectedRPID: hostOf(origin),
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!verified) return undefined
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential
    return {
      credential: id,
      publicKey: Buffer.from(publicKey).toString('base64url'),
      counter,
      transports: transports.filter(isTransport).slice(0, KNOWN_TRANSPORTS),
      host: hostOf(origin),
    }
  } catch {
    return undefined // Whatever does not hold: the answer is one.
  }
}

/** More than there are kinds. */
const KNOWN_TRANSPORTS = 8
const isTransport = (text: unknown): boolean =>
  typeof text === 'string' && /^[a-z-]{1,32}$/.test(text)

/** The new count of uses, of an answer that holds; undefined for any other. */
export const readAssertion = async (
  answer: unknown,
  origin: string,
  passkey: Passkey,
  isAsked: (challenge: string) => boolean,
): Promise<number | undefined> => {
  const { verifyAuthenticationResponse } = await webAuthn()
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer as AuthenticationResponseJSON,
      expectedChallenge: isAsked,
      expectedOrigin: origin,
      expectedRPID: hostOf(origin),
      requireUserVerification: true,
      credential: {
        id: passkey.credential,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        // It is compared by who asks, who has to know that from an answer that does not hold.
        counter: 0,
        transports: [...passkey.transports],
      },
    })
    return verified ? authenticationInfo.newCounter : undefined
  } catch {
    return undefined
  }
}

const hostOf = (origin: string): string => new URL(origin).hostname
