/**
 * Why the gate refuses an update, and what the client does about it. Nothing of a refused update
 * is stored. "Rebuild": make the local document anew from the server's state and put the own
 * valid, unacknowledged entries on top.
 */
export const GATE_CODES = {
  /** Builds on own structs that the server does not have. Send again, from the server's state. */
  MISSING_DEP: 'builds on something the server does not have',
  /** Not a V1 update, or one that Yjs itself never writes. Rebuild. */
  MALFORMED: 'not a well-formed V1 update',
  /** Past a bound on bytes, clients, structs, values, depth or clocks. Send in smaller parts, or rebuild. */
  TOO_LARGE: 'exceeds a bound',
  /** Well-formed, but nothing that a lane may hold or do. Rebuild. */
  GRAMMAR: 'not in the grammar of a lane',
  /** Has structs of the server that the server does not know. Rebuild. */
  FOREIGN_SERVER: 'speaks for the server',
  /** Writes outside the lane of its sender. Rebuild. */
  NOT_YOURS: 'writes outside its lane',
  /** A log element that is no entry, not numbered in sequence, or in the wrong page. Rebuild. */
  BAD_ENTRY: 'not a valid entry',
  /** A receipt with an unknown key or value, or one taken back. Rebuild. */
  BAD_RECEIPT: 'not a valid receipt',
  /** A setting with an unknown key or value. Rebuild. */
  BAD_PREF: 'not a valid setting',
  /** Nothing more fits: a quota is used up, or a person's settings are full. Set it aside. */
  FULL: 'nothing more fits',
  /** The other person takes no messages in this chat. Set it aside. */
  BLOCKED: 'no messages are taken here',
  /** A time more than a day ahead of the server's. Correct the clock, then rebuild. */
  CLOCK: 'time too far in the future',
} as const

export type GateCode = keyof typeof GATE_CODES

/** A refused update; `message` is for logs and holds nothing of the update's content. */
export interface Refusal {
  readonly kind: 'refuse'
  readonly code: GateCode
  readonly message: string
}

export const refuse = (code: GateCode, message: string = GATE_CODES[code]): Refusal => ({
  kind: 'refuse',
  code,
  message,
})
