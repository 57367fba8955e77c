/** Serves the built app: its files, and its one page at every address that is none of the server's. */
import { join } from 'node:path'
import express, { type Request, type RequestHandler, Router } from 'express'
import { refuseMethod } from './failures.ts'

/** The build puts a hash of the content into these names, so a name never changes its content. */
const hashedAsset = /[\\/]assets[\\/][^\\/]+-[\w-]{8,}\.\w+$/
const reserved = /^\/(api|sync|socket|healthz)(\/|$)/i

/** @param root folder of the built app */
export const webApp = (root: string): RequestHandler => {
  const router = Router()
  router.use((request, response, next) => {
    if (reserved.test(request.path)) return next('router')
    if (request.method === 'GET' || request.method === 'HEAD') return next()
    return refuseMethod('GET', 'HEAD')(request, response, next)
  })
  router.use(
    express.static(root, {
      redirect: false,
      cacheControl: false,
      setHeaders(response, path) {
        const immutable = hashedAsset.test(path)
        response.set(
          'Cache-Control',
          immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
        )
      },
    }),
  )
  router.use((request, response, next) => {
    if (!isNavigation(request)) return next()
    response.set('Cache-Control', 'no-cache')
    response.sendFile(join(root, 'index.html'), { cacheControl: false }, (error) => {
      if (error) next(error)
    })
  })
  return router
}

/**
 * A page that a person goes to, as opposed to a file that a page asks for and that is not there.
 * A dot in the address says nothing: chat ids have some.
 */
const isNavigation = (request: Request): boolean =>
  (request.headers.accept ?? '').includes('text/html') && !request.path.startsWith('/assets/')
