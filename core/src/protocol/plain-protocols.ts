/** WebSocket subprotocols of the plain endpoint: a browser can send no other header with a socket. */

/** The one that the server selects. */
export const PLAIN_PROTOCOL = 'wardline.sync'
/** What stands before the access token in the other one. */
export const BEARER = 'bearer.'

/** What a client of the plain endpoint asks for, e.g. as `protocols` of y-websocket's provider. */
export const plainProtocols = (accessToken: string): string[] => [
  PLAIN_PROTOCOL,
  `${BEARER}${accessToken}`,
]
