import { yWebsocket } from './yjs-providers.mjs'
import { serveYjsReader } from './yjs-reader.mjs'

serveYjsReader(yWebsocket)
