/** `/api/openapi.json` and `/api/docs`: what the HTTP interface is, for programs and for people. */
import { type RequestHandler, Router } from 'express'
import { DOCUMENT_STYLE, renderDocument } from '../api/doc-page.ts'
import { createDocument } from '../api/openapi.ts'
import { refuseMethod } from './failures.ts'

export const apiDocRoutes = (): Router => {
  const router = Router({ caseSensitive: true })
  const document = createDocument()
  const serve = (path: string, type: string, body: string): void => {
    const answer: RequestHandler = (_request, response) => void response.type(type).send(body)
    router.route(path).get(answer).all(refuseMethod('GET', 'HEAD'))
  }
  serve('/openapi.json', 'json', JSON.stringify(document))
  serve('/docs', 'html', renderDocument(document))
  serve('/docs/style.css', 'css', DOCUMENT_STYLE)
  return router
}
