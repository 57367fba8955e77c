import { hocuspocus } from './yjs-providers.mjs'
import { serveYjsReader } from './yjs-reader.mjs'

serveYjsReader(hocuspocus)
