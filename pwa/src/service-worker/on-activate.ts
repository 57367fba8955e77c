/**
 * `activate`: serves the pages that are open at once, so that the very first visit can already be
 * the last one with a network. Their tabs load again, but one may ask for a part of its own build
 * before it does, or be frozen meanwhile: that build stays until the next one takes over.
 */
import { buildFiles } from './build-files.ts'
import { sortLeftOver } from './left-over.ts'
import type { WorkerScope } from './worker-scope.ts'

/** Where it is noted which files stayed beyond their build. */
const NOTES = 'wardline-left-over'
const NOTE = '/left-over'

export const takeOver = (scope: WorkerScope): void => {
  scope.addEventListener('activate', (event) =>
    event.waitUntil(Promise.all([scope.clients.claim(), forgetEarlierBuilds(scope)])),
  )
}

const forgetEarlierBuilds = async ({ caches }: WorkerScope): Promise<void> => {
  const [files, notes] = await Promise.all([
    caches.open(buildFiles.strategy.cacheName),
    caches.open(NOTES),
  ])
  const noted: unknown = await notes.match(NOTE).then((note) => note?.json())
  const { stay, gone } = sortLeftOver({
    kept: (await files.keys()).map(({ url }) => url),
    mine: new Set(buildFiles.getURLsToCacheKeys().values()),
    stayed: new Set(Array.isArray(noted) ? noted : []),
  })
  for (const url of gone) await files.delete(url)
  await notes.put(NOTE, Response.json(stay))
}
