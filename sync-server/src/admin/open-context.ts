import { Auth } from '../auth/auth.ts'
import { systemTimers } from '../base/timers.ts'
import { Clinic } from '../clinic/clinic.ts'
import type { Config } from '../config/config.ts'
import { loadSealKey, loadSecret } from '../config/secret-file.ts'
import { Directory } from '../directory/directory.ts'
import { GroupSeal } from '../directory/group-seal.ts'
import { openWaysIn } from '../links/ways-in.ts'
import { People } from '../people/people.ts'
import { openExport } from '../person-export/open-export.ts'
import type { Store } from '../storage/store.ts'
import { type AdminContext, OPERATOR } from './context.ts'

/**
 * What operations work on, over the database of a server that does not run. Rejects with the
 * system's error when the secrets beside it cannot be read.
 */
export const openContext = async (
  store: Store,
  config: Pick<Config, 'dataDir' | 'jwtSecret' | 'publicUrl' | 'retentionDays'>,
): Promise<AdminContext> => {
  const { dataDir, jwtSecret, publicUrl, retentionDays } = config
  const directory = new Directory({ store, seal: new GroupSeal(await loadSealKey(dataDir)) })
  const secret = jwtSecret ?? (await loadSecret(dataDir))
  const auth = new Auth({ store, directory, secrets: [secret] })
  await directory.open()
  await auth.open()
  const clinic = new Clinic({ store, now: () => systemTimers.now() })
  const people = new People({
    store,
    directory,
    auth,
    commit: (change) => store.commit(change),
    now: () => systemTimers.now(),
    ...(retentionDays !== undefined && { retentionDays }),
  })
  const waysIn = openWaysIn({
    ...{ store, directory, auth, secret, clock: systemTimers },
    clinic: async () => (await clinic.settings()).name,
  })
  return {
    ...{ store, directory, auth, people, waysIn, clinic },
    exports: openExport({ store, directory, dataDir, now: systemTimers.now }),
    ...{ clock: systemTimers, appUrl: publicUrl, actor: OPERATOR },
  }
}
