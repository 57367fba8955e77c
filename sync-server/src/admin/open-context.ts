import { Auth } from '../auth/auth.ts'
import { systemTimers } from '../base/timers.ts'
import { Clinic } from '../clinic/clinic.ts'
import type { Config } from '../config/config.ts'
import { loadSealKey, loadSecret } from '../config/secret-file.ts'
import { Directory } from '../directory/directory.ts'
import { GroupSeal } from '../directory/group-seal.ts'
import { People } from '../people/people.ts'
import type { Store } from '../storage/store.ts'
import { type AdminContext, OPERATOR } from './context.ts'

/**
 * What operations work on, over the database of a server that does not run. Rejects with the
 * system's error when the secrets beside it cannot be read.
 */
export const openContext = async (
  store: Store,
  { dataDir, jwtSecret }: Pick<Config, 'dataDir' | 'jwtSecret'>,
): Promise<AdminContext> => {
  const directory = new Directory({ store, seal: new GroupSeal(await loadSealKey(dataDir)) })
  const auth = new Auth({ store, directory, secrets: [jwtSecret ?? (await loadSecret(dataDir))] })
  await directory.open()
  await auth.open()
  const clinic = new Clinic({ store, now: () => systemTimers.now() })
  const people = new People({
    directory,
    auth,
    commit: (change) => store.commit(change),
    now: () => systemTimers.now(),
  })
  return { store, directory, auth, people, clinic, clock: systemTimers, actor: OPERATOR }
}
