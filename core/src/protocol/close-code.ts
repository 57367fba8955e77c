/**
 * Why a socket or a channel was closed. 4400 to 4499 mean that trying again as before will not
 * help: something has to change first. Everything else, and 4408: try again, with backoff.
 */
export const CloseCode = {
  /** A frame that is none, or one that may not come here. */
  badFrame: 4400,
  /** The access token is missing, broken or expired: sign in or renew, then connect again. */
  unauthorized: 4401,
  /** Not a member, or not any more. */
  forbidden: 4403,
  /** No such document, or a page more than a day in the future. */
  notFound: 4404,
  /** No hello in time: try again. */
  helloTimeout: 4408,
  /** An update was refused on a plain channel, which has no frame to say so. */
  refused: 4409,
  /** Speaks another version of the protocol: load the newest program. */
  version: 4426,
  /** More frames, bytes, documents or connections than the limits allow: slow down. */
  tooMany: 4529,
  /** What the server has of the document is damaged; it mends it. Of channels. */
  damaged: 4510,
  /** The server cannot store right now. */
  unavailable: 4503,
  /** The server is going down and will be back. */
  restarting: 1012,
} as const
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode]

/** Whether connecting again unchanged can help. */
export const mayRetry = (code: number): boolean =>
  code === CloseCode.helloTimeout || !(code >= 4400 && code < 4500)
