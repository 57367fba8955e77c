/**
 * JSON bodies in UTF-8. The usual parser takes whatever bytes come and puts signs for "unreadable"
 * in the place of what is no UTF-8: a text would be stored that nobody wrote. So the bytes are
 * looked at before they are read. A byte order mark of UTF-8 is no part of the text.
 */
import { isUtf8 } from 'node:buffer'
import express, { type RequestHandler } from 'express'

/** @param limit bytes */
export const jsonBody = (limit: number): RequestHandler =>
  express.json({
    limit,
    verify: (_request, _response, bytes, charset) => {
      if (charset !== 'utf-8' || !isUtf8(bytes)) throw new NotUtf8()
    },
  })

/** With the type by which the parser itself says that it cannot read a body. */
class NotUtf8 extends Error {
  override readonly name = 'NotUtf8'
  readonly type = 'charset.unsupported'
}
