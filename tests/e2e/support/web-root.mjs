// Loaded before the server: it serves the app from the folder that the test says.
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'

// The very one that the server has.
const express = createRequire(new URL('../../../sync-server/package.json', import.meta.url))(
  'express',
)

const { WEB_ROOT = '' } = process.env
const { static: serve, response } = express
const { sendFile } = response

express.static = (_, options) => serve(WEB_ROOT, options)
response.sendFile = function send(path, ...rest) {
  return sendFile.call(this, join(WEB_ROOT, basename(path)), ...rest)
}
