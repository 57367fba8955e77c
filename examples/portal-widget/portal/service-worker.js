// The portal's own: what it showed last is there without a network.
const CACHE = 'portal'
const PAGES = ['/', '/mine', '/portal.css', '/portal.js', '/wardline-chat.js']

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(PAGES))
      .then(() => self.skipWaiting()),
  )
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  // Nothing else: a token of the portal is for now, and for whoever is signed in now.
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (!PAGES.includes(pathname)) return
  event.respondWith(answer(request))
})

const answer = async (request) => {
  const cache = await caches.open(CACHE)
  try {
    const response = await fetch(request)
    if (response.ok) await cache.put(request, response.clone())
    return response
  } catch (error) {
    const kept = await cache.match(request)
    if (kept === undefined) throw error
    return kept
  }
}
