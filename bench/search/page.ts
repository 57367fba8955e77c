/** Runs in the browser, over the device's own database. */
import { IdbLocalStore } from 'local-store-under-test'
import { browserTimers } from 'timers-under-test'
import { searchBench } from './work.ts'

Object.assign(globalThis, {
  bench: searchBench(new IdbLocalStore({ name: 'search' }), browserTimers),
})
