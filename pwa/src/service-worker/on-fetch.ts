/**
 * `fetch`: files of this build, and its one page at every address of the app. Everything else goes
 * to the network as if there were no worker; answers of the server are never kept.
 */
import { addRoute, createHandlerBoundToURL } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { isServerPath } from './server-path.ts'

export const serveApp = (): void => {
  addRoute({ directoryIndex: '', cleanURLs: false, ignoreURLParametersMatching: [] })
  const page = createHandlerBoundToURL('/index.html')
  registerRoute(new NavigationRoute((options) => page(options), { denylist: [isServerPath] }))
}
