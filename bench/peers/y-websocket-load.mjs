import { serveYjsLoad } from './yjs-load.mjs'
import { yWebsocket } from './yjs-providers.mjs'

serveYjsLoad(yWebsocket)
