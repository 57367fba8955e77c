/** `install`: fetches the files of this build; all or none. */
import type { PrecacheEntry } from 'workbox-precaching'
import { buildFiles } from './build-files.ts'
import type { WorkerScope } from './worker-scope.ts'

export const keepBuild = (scope: WorkerScope, files: (PrecacheEntry | string)[]): void => {
  buildFiles.addToCacheList(files)
  scope.addEventListener('install', (event) => void buildFiles.install(event))
}
