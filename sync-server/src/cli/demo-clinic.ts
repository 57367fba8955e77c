/** Accounts to try Wardline with. Their password is public: never in production. */
import { parseUserId } from '@wardline/core/base/ids'
import { hashPassword } from '../auth/password.ts'
import type { Directory } from '../directory/directory.ts'
import type { Role } from '../directory/role.ts'
import { USER_PREFIX } from '../directory/user.ts'
import type { Store } from '../storage/store.ts'

export const DEMO_PASSWORD = 'wardline-demo'

interface DemoUser {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly specialty?: string
  readonly birthDate?: string
}

export const demoUsers: readonly DemoUser[] = [
  {
    id: 'dr-ada',
    email: 'ada@demo.clinic',
    name: 'Dr Ada Osei',
    roles: ['doctor'],
    specialty: 'General practice',
  },
  {
    id: 'dr-ben',
    email: 'ben@demo.clinic',
    name: 'Dr Ben Laurent',
    roles: ['doctor'],
    specialty: 'Cardiology',
  },
  {
    id: 'pat-morgan',
    email: 'pat@demo.clinic',
    name: 'Pat Morgan',
    roles: ['patient'],
    birthDate: '1984-05-02',
  },
  {
    id: 'sam-rivera',
    email: 'sam@demo.clinic',
    name: 'Sam Rivera',
    roles: ['patient'],
    birthDate: '1991-11-23',
  },
  {
    id: 'robin-shah',
    email: 'admin@demo.clinic',
    name: 'Robin Shah',
    roles: ['admin'],
  },
]

/**
 * Adds the demo accounts that are missing, unless the store holds accounts of other people.
 * Returns whether the demo clinic is there: its admin can add people to it. A start that was cut
 * short is completed by the next.
 */
export const openDemoClinic = async (store: Store, directory: Directory): Promise<boolean> => {
  const own = new Set(demoUsers.map(({ id }) => USER_PREFIX + id))
  const present = (await store.listRecords(USER_PREFIX)).map(({ key }) => key)
  if (present.some((key) => !own.has(key))) return present.some((key) => own.has(key))
  for (const user of demoUsers) {
    if (present.includes(USER_PREFIX + user.id)) continue
    const id = parseUserId(user.id)
    if (id === undefined) throw new Error(`${user.id} is not a user id`)
    const made = await directory.createUser({
      ...user,
      id,
      passwordHash: await hashPassword(DEMO_PASSWORD),
    })
    // Its account may be damaged: then it is in no list, and its address is taken all the same.
    if (!made.ok && made.error !== 'email-taken')
      throw new Error(`demo account ${user.id}: ${made.error}`)
  }
  return true
}
