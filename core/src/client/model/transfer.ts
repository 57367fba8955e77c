/** How a message with files stands on its way to the server. */
export type Transfer =
  /** For its turn, or for a connection. */
  | { kind: 'waiting' }
  /** `sent`: bytes of the file that the server has. */
  | { kind: 'uploading'; hash: string; sent: number }
  /** All files are on the server's disk; the entry comes next. */
  | { kind: 'uploaded' }
  | { kind: 'failed'; reason: string }
