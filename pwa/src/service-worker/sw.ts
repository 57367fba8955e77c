/**
 * The service worker: starts the app without a network, and shows notifications while it is closed.
 * Data is not its affair.
 */
import { takeOver } from './on-activate.ts'
import { serveApp } from './on-fetch.ts'
import { keepBuild } from './on-install.ts'
import { obeyPage } from './on-message.ts'
import { openClicked } from './on-notification-click.ts'
import { showPushes } from './on-push.ts'
import { followSubscription } from './on-push-change.ts'
import type { WorkerScope } from './worker-scope.ts'

declare const self: WorkerScope

// The build puts the list in the place of this very expression.
keepBuild(self, self.__WB_MANIFEST)
serveApp()
takeOver(self)
obeyPage(self)
showPushes(self)
openClicked(self)
followSubscription(self)
