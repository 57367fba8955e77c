import { serveSocketIo } from './socketio.mjs'

serveSocketIo(true)
