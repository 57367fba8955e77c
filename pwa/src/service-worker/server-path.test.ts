import { expect, it } from 'vitest'
import { isServerPath } from './server-path.ts'

it.each(['/api', '/api/auth/login', '/sync/user/x', '/socket', '/socket?x', '/healthz', '/API/x'])(
  '%s belongs to the server',
  (path) => {
    expect(isServerPath.test(path)).toBe(true)
  },
)

it.each(['/', '/?api', '/chat/dm.pat-ada.doc-bea', '/apis', '/new', '/syncing'])(
  '%s belongs to the app',
  (path) => {
    expect(isServerPath.test(path)).toBe(false)
  },
)
