/**
 * Every error that the HTTP interface answers with: its code, its status, what it means and what
 * the caller can do. `docs/http-api.md` lists the same codes; a test compares the two.
 */
interface CatalogueEntry {
  readonly status: number
  /** Sent as `error.message`: plain words, no detail of the request. */
  readonly meaning: string
  /** For people who build on the interface. */
  readonly action: string
}

export const errorCatalogue = {
  'bad-request': {
    status: 400,
    meaning: 'The request is not what this endpoint expects.',
    action: 'Compare fields, types and lengths with the documentation.',
  },
  'bad-json': {
    status: 400,
    meaning: 'The body is not valid JSON.',
    action: 'Send UTF-8 JSON, an object at the top.',
  },
  'bad-credentials': {
    status: 401,
    meaning: 'Email and password do not match.',
    action: 'Check both and try again. The answer is the same for an unknown account.',
  },
  'passkey-refused': {
    status: 403,
    meaning: 'This passkey does not open an account here.',
    action:
      'Ask for new options and try again, with another passkey or the password. The answer is the same whatever is wrong with it.',
  },
  unauthenticated: {
    status: 401,
    meaning: 'A valid access token is needed.',
    action: 'Sign in, or renew the session, and send the token as "Authorization: Bearer …".',
  },
  'token-expired': {
    status: 401,
    meaning: 'The access token has expired.',
    action: 'Renew it with POST /api/auth/refresh and repeat the request.',
  },
  'session-ended': {
    status: 401,
    meaning: 'There is no session, or it has ended.',
    action: 'Sign in again. What is on the device stays readable.',
  },
  'session-reused': {
    status: 401,
    meaning: 'A refresh token was used twice, so the session was ended for safety.',
    action: 'Sign in again. Somebody may have a copy of the cookie: tell who runs the server.',
  },
  'device-removed': {
    status: 401,
    meaning: 'This device was removed from the account, on another device of the same person.',
    action:
      'Offer the person what was not sent, then delete everything of theirs from the device, and sign in again.',
  },
  'device-removed-by-clinic': {
    status: 401,
    meaning: 'The clinic has removed this device, or closed the account.',
    action:
      'Delete everything of the person from the device at once. They may sign in again, or ask.',
  },
  'origin-refused': {
    status: 403,
    meaning: 'This page may not use the server.',
    action: 'Open the app at the server’s own address, or set CLIENT_URL to the page’s origin.',
  },
  'account-inactive': {
    status: 403,
    meaning: 'This account cannot be used now.',
    action: 'Nothing helps but to ask the clinic: it disabled or closed the account.',
  },
  'role-refused': {
    status: 403,
    meaning: 'Your role does not permit this.',
    action:
      'Patients start chats with doctors, doctors with patients; only doctors list patients, and make and change groups.',
  },
  'start-refused': {
    status: 403,
    meaning: 'The clinic does not let you begin this chat.',
    action:
      'Wait for the clinic to write first, or call it. Chats that are there go on. Its admins decide in the settings.',
  },
  'provider-refused': {
    status: 401,
    meaning: 'The identity provider does not vouch for this sign-in.',
    action: 'Begin again. If it stays, compare the OIDC_ settings with those at the provider.',
  },
  'outside-token-refused': {
    status: 401,
    meaning: 'The token from outside is not one that is taken here.',
    action: 'Compare signature, issuer, audience and lifetime with the TOKEN_ settings.',
  },
  'outside-token-expired': {
    status: 401,
    meaning: 'The token from outside has expired.',
    action: 'Get a new one from its issuer. If it is new, one of the clocks is wrong.',
  },
  'api-token-refused': {
    status: 401,
    meaning: 'The API token is unknown or has ended.',
    action: 'Have an admin make a new one.',
  },
  'too-many-api-tokens': {
    status: 409,
    meaning: 'There are as many API tokens as there can be.',
    action: 'End those that no program uses. A program has at most 20.',
  },
  'account-missing': {
    status: 403,
    meaning: 'There is no account here for this person.',
    action: 'Ask the clinic for an account with the same email address.',
  },
  'role-missing': {
    status: 403,
    meaning: 'Nothing that the identity provider says of this person is a role here.',
    action: 'Give the person a role there, or name the one they have in OIDC_ROLES or TOKEN_ROLES.',
  },
  'profile-incomplete': {
    status: 403,
    meaning: 'The identity provider says no name that can be shown.',
    action: 'Have it send a name of 1 to 80 printable characters.',
  },
  'email-unverified': {
    status: 403,
    meaning: 'An account here has this email address, and nobody has verified that it is theirs.',
    action: 'Verify the address at the identity provider, or sign in here as before.',
  },
  'account-conflict': {
    status: 409,
    meaning: 'The account here does not go together with what the identity provider says.',
    action:
      'Ask the clinic: somebody else is signed up with this email address, or the account is of a patient and the person is not, or the other way round.',
  },
  'sign-in-lapsed': {
    status: 410,
    meaning: 'This sign-in was begun elsewhere, took too long, or is done already.',
    action: 'Begin again.',
  },
  'provider-unavailable': {
    status: 503,
    meaning: 'The identity provider cannot be reached, or does not answer as it should.',
    action: 'Try again later, or sign in another way; on the server, look into the log.',
  },
  'not-your-message': {
    status: 403,
    meaning: 'Only its author can change this message.',
    action: 'Change or take back messages of your own.',
  },
  'wrong-password': {
    status: 403,
    meaning: 'That is not the password of now.',
    action: 'Check it and try again, or ask the clinic for a link that sets another one.',
  },
  'chat-closed': {
    status: 403,
    meaning: 'The other person takes no messages in this chat.',
    action: 'Nothing was sent. Write to somebody else, or call the clinic.',
  },
  'passkey-required': {
    status: 403,
    meaning: 'At this clinic staff sign in with a passkey.',
    action:
      'Sign in with a passkey. Who has none asks an administrator for a link, and adds one with it.',
  },
  'not-found': {
    status: 404,
    meaning: 'There is nothing at this address.',
    action: 'Check the path.',
  },
  'device-not-found': {
    status: 404,
    meaning: 'The account is signed in on no such device.',
    action: 'Take the id from the list of its devices; it may have been removed meanwhile.',
  },
  'chat-not-found': {
    status: 404,
    meaning: 'There is no such chat, or you are not in it.',
    action: 'Take the id from the list of your chats.',
  },
  'message-not-found': {
    status: 404,
    meaning: 'There is no such message in a chat of yours.',
    action: 'Take the id from the messages of the chat.',
  },
  'user-not-found': {
    status: 404,
    meaning: 'There is no such person to chat with.',
    action: 'Pick a person from the list of doctors or patients.',
  },
  'file-lost': {
    status: 404,
    meaning: 'The server has lost the bytes of this file.',
    action: 'Try again later: a device that has the file gives it back. Or upload it again.',
  },
  'method-not-allowed': {
    status: 405,
    meaning: 'This address does not support the method.',
    action: 'Use one of the methods in the Allow header.',
  },
  'too-many-passkeys': {
    status: 409,
    meaning: 'The account has as many passkeys as one can have.',
    action: 'Remove one that nobody uses. An account has at most 20.',
  },
  'last-way-in': {
    status: 409,
    meaning: 'It is the only way into the account.',
    action: 'Add another passkey or choose a password first.',
  },
  'link-invalid': {
    status: 410,
    meaning: 'This link or code does not work, or does not work any more.',
    action:
      'Ask who gave it for a new one. The answer is the same for one that expired, was used, is not whole or never was.',
  },
  'group-full': {
    status: 409,
    meaning: 'The group has as many members as a group can have.',
    action: 'Remove somebody first, or make another group. A group has at most 100 members.',
  },
  'group-changed-often': {
    status: 409,
    meaning: 'The group was changed so often that it cannot be changed any more.',
    action: 'Make another group. Members can still leave this one, and be taken out.',
  },
  'too-many-groups': {
    status: 409,
    meaning: 'You are in as many groups as one can be who makes another.',
    action: 'Leave groups that nobody needs.',
  },
  'email-taken': {
    status: 409,
    meaning: 'Another account has this e-mail address.',
    action: 'Use another address, or none; or change the other account first.',
  },
  'last-admin': {
    status: 409,
    meaning: 'Somebody has to be left who administers the clinic.',
    action: 'Make another active account an admin first.',
  },
  'wrong-status': {
    status: 409,
    meaning: 'The account is not in a state in which this can be done.',
    action:
      'Look at its status: only a disabled or closed account can be enabled, only a closed one erased.',
  },
  'account-held': {
    status: 409,
    meaning: 'The account is held, so nothing of it may be erased.',
    action: 'Release it first, if whoever had it held agrees.',
  },
  'retention-runs': {
    status: 409,
    meaning: 'It is too early to erase this account.',
    action: 'Wait until RETENTION_DAYS have passed since it was closed.',
  },
  'last-doctor': {
    status: 409,
    meaning: 'The only doctor of a group cannot leave it while others are in it.',
    action: 'Take in another doctor first, or take everybody else out.',
  },
  'message-not-editable': {
    status: 409,
    meaning: 'The message was taken back, or is encrypted so that only devices can open it.',
    action: 'Send a new message, or edit it on a device.',
  },
  'upload-offset': {
    status: 409,
    meaning:
      'Another part of the file is due, or another request with it took the place of this one.',
    action: 'Ask with HEAD how much is there, and go on from there.',
  },
  'upload-version': {
    status: 412,
    meaning: 'Uploads need version 1.0.0 of the tus protocol.',
    action: 'Send "Tus-Resumable: 1.0.0".',
  },
  'body-too-large': {
    status: 413,
    meaning: 'The request, or the text in it, is too long.',
    action:
      'Send at most 64 kB, or 256 kB to /api/chat, and of a text what a message can hold: split it, or send it as a file.',
  },
  'file-too-large': {
    status: 413,
    meaning: 'The file is larger than 100 MB, or than was announced.',
    action: 'Send a smaller file.',
  },
  'file-type-refused': {
    status: 415,
    meaning: 'Files of this type cannot be sent, or the file is not what it says it is.',
    action: 'Send images, PDF, audio, plain text or office documents, with the type of the bytes.',
  },
  'range-not-there': {
    status: 416,
    meaning: 'The file has no such part.',
    action: 'Ask for bytes below the size of the file.',
  },
  'file-damaged': {
    status: 422,
    meaning: 'The file that came is not the one that was announced.',
    action: 'Upload it again from the start.',
  },
  'password-too-short': {
    status: 422,
    meaning: 'The new password is shorter than 10 characters.',
    action: 'Choose a longer one.',
  },
  'password-easy-to-guess': {
    status: 422,
    meaning: 'The new password is easy to guess.',
    action: 'Choose several words that nobody would connect with the person, or with the clinic.',
  },
  'too-many-uploads': {
    status: 429,
    meaning: 'Too many uploads of yours are not finished.',
    action: 'Finish or delete some, or wait until they expire.',
  },
  'unsupported-media-type': {
    status: 415,
    meaning: 'The body is not JSON in UTF-8.',
    action: 'Send "Content-Type: application/json", and the body in UTF-8, whatever it is.',
  },
  'email-needed': {
    status: 422,
    meaning: 'A password needs an e-mail address to sign in with.',
    action: 'Send the address with it, or use a passkey.',
  },
  'idempotency-key-reused': {
    status: 422,
    meaning: 'This Idempotency-Key came with another request already.',
    action: 'Use a new key for each request, and the same only to repeat the same request.',
  },
  'too-many-attempts': {
    status: 429,
    meaning: 'Too many attempts to sign in.',
    action: 'Wait for the seconds in the Retry-After header.',
  },
  'too-many-requests': {
    status: 429,
    meaning: 'You are asking too often.',
    action: 'Wait for the seconds in the Retry-After header.',
  },
  internal: {
    status: 500,
    meaning: 'Something went wrong on the server.',
    action: 'Try again; if it stays, report the X-Request-Id of the answer.',
  },
  'server-busy': {
    status: 503,
    meaning: 'The server has too much to do right now.',
    action: 'Wait for the seconds in the Retry-After header and try again.',
  },
  'quota-full': {
    status: 507,
    meaning: 'There is no room for more of yours, or of this chat.',
    action:
      'Take back messages or files that nobody needs, or ask the clinic for more room. Nothing was stored.',
  },
  'store-unavailable': {
    status: 503,
    meaning: 'The server cannot save right now.',
    action: 'Try again later; on the server, check the disk.',
  },
  'files-unavailable': {
    status: 503,
    meaning: 'The server cannot keep files right now.',
    action: 'Try again later; on the server, check the folders for files in DATA_DIR.',
  },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof errorCatalogue

export const errorCodes = Object.keys(errorCatalogue) as readonly ErrorCode[]

/** An expected failure as the boundaries answer it. */
export interface Failure {
  readonly code: ErrorCode
  /** Whole seconds after which another attempt makes sense. */
  readonly retryAfter?: number
  /** One line for whoever asked, where more can be said than the meaning of the code. */
  readonly message?: string
}

export const failure = (code: ErrorCode): { readonly ok: false; readonly error: Failure } => ({
  ok: false,
  error: { code },
})
