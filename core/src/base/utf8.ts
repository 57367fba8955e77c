/** UTF-8 through lib0, which has it for every runtime. */
import * as string from 'lib0/string'

export const encodeUtf8 = (text: string): Uint8Array => string.encodeUtf8(text)
/** Throws on bytes that are not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string => string.decodeUtf8(bytes)
