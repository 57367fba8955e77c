import { serveYjsLoad } from './yjs-load.mjs'
import { hocuspocus } from './yjs-providers.mjs'

serveYjsLoad(hocuspocus)
