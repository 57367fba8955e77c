/** Headers that tell the browser what the app's pages may do. */
import { type RequestHandler, Router } from 'express'
import helmet from 'helmet'
import { contextOf } from './context.ts'

/**
 * Everything from this origin, and little of that. `'self'` in connect-src covers WebSockets to
 * the same host and port: CSP 3 says so, and every browser that the app is built for does it.
 * React sets inline styles through the CSSOM, which style-src does not govern.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  // The one policy, for the service worker's address: pwa/src/service-worker/trusted-url.ts.
  'trusted-types wardline',
].join('; ')

/** A year, in seconds. */
const HSTS = 'max-age=31536000'

export const securityHeaders = (): RequestHandler =>
  Router().use(
    helmet({
      contentSecurityPolicy: false,
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
    (request, response, next) => {
      response.set('Content-Security-Policy', CONTENT_SECURITY_POLICY)
      // Over http browsers ignore it, and on localhost it would bind other servers on other ports.
      if (contextOf(request).peer.secure) response.set('Strict-Transport-Security', HSTS)
      next()
    },
  )
