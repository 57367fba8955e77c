import { serveSocketIo } from './socketio.mjs'

serveSocketIo(false)
