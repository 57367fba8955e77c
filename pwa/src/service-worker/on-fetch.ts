/**
 * `fetch`: files of this build, and its one page at every address of the app; parts of the build
 * before, for a tab that still runs it. Everything else goes to the network as if there were no
 * worker; answers of the server are never kept.
 */
import { PrecacheRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { buildFiles } from './build-files.ts'
import { isServerPath } from './server-path.ts'

export const serveApp = (): void => {
  const asTheyAre = { directoryIndex: '', cleanURLs: false, ignoreURLParametersMatching: [] }
  registerRoute(new PrecacheRoute(buildFiles, asTheyAre))
  const page = buildFiles.createHandlerBoundToURL('/index.html')
  registerRoute(new NavigationRoute((options) => page(options), { denylist: [isServerPath] }))
  registerRoute(
    ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/assets/'),
    async ({ request }) => {
      const files = await caches.open(buildFiles.strategy.cacheName)
      return (await files.match(request.url)) ?? fetch(request)
    },
  )
}
