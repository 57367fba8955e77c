/** A message cannot hold this text. */
export class TextError extends Error {
  override readonly name = 'TextError'
  readonly code: 'too-long' | 'blank'
  constructor(code: 'too-long' | 'blank') {
    super(code === 'blank' ? 'There is nothing to see in it.' : 'It is too long for one message.')
    this.code = code
  }
}
