/** `install`: fetches the files of this build; all or none. */
import { type PrecacheEntry, precache } from 'workbox-precaching'

export const keepBuild = (files: (PrecacheEntry | string)[]): void => precache(files)
