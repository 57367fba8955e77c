/** The service worker: starts the app without a network. Data is not its affair. */
import { takeOver } from './on-activate.ts'
import { serveApp } from './on-fetch.ts'
import { keepBuild } from './on-install.ts'
import { obeyPage } from './on-message.ts'
import type { WorkerScope } from './worker-scope.ts'

declare const self: WorkerScope

// The build puts the list in the place of this very expression.
keepBuild(self.__WB_MANIFEST)
serveApp()
takeOver(self)
obeyPage(self)
