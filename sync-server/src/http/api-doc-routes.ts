/** `/api/openapi.json` and `/api/docs`: what the HTTP interface is, for programs and for people. */
import { createHash } from 'node:crypto'
import { type RequestHandler, Router } from 'express'
import { DOCUMENT_STYLE, renderDocument } from '../openapi/doc-page.ts'
import { createDocument } from '../openapi/openapi.ts'
import { refuseMethod } from './failures.ts'

export const apiDocRoutes = (): Router => {
  const router = Router({ caseSensitive: true })
  const document = createDocument()
  const serve = (path: string, type: string, text: string): void => {
    // Made once: anybody may ask, as often as they like.
    const body = Buffer.from(text)
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    const answer: RequestHandler = (_request, response) =>
      void response.type(type).set('ETag', tag).send(body)
    router.route(path).get(answer).all(refuseMethod('GET', 'HEAD'))
  }
  serve('/openapi.json', 'json', JSON.stringify(document))
  serve('/docs', 'html', renderDocument(document))
  serve('/docs/style.css', 'css', DOCUMENT_STYLE)
  return router
}
