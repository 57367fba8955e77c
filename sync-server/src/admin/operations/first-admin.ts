/** The way in for whoever runs the clinic, as long as nobody does. */
import { z } from 'zod'
import type { Account } from '../../directory/account-list.ts'
import { err, ok, type Result } from '../../errors/result.ts'
import { linkPath } from '../../links/link-address.ts'
import type { NewLink } from '../../links/links.ts'
import type { AdminContext } from '../context.ts'
import { operation, type Refusal, refusal } from '../operation.ts'

/** Until whoever takes it gives their own. */
const NAME = 'Administrator'

type Context = Pick<AdminContext, 'directory' | 'waysIn' | 'actor'>

/**
 * A link for the first admin, in the place of one that was made before. Fails with `wrong-status`
 * when somebody is admin, and with `server-busy`.
 */
export const firstAdminLink = async (context: Context): Promise<Result<NewLink, Refusal>> => {
  const { directory, waysIn, actor } = context
  const accounts = await directory.accounts.all()
  const admins = accounts.filter(({ user }) => user.roles.includes('admin'))
  if (admins.some(({ user }) => user.status === 'active'))
    return refusal(
      'wrong-status',
      'somebody is admin already, who can invite others; see people, reset',
    )
  const waiting = admins.find(({ user }) => user.status === 'invited' && user.name === NAME)
  if (waiting !== undefined)
    return waysIn.links.make({
      kind: 'first-admin',
      user: waiting.user.id,
      stamp: waiting.user.stamp,
      createdBy: actor,
    })
  const invited = await waysIn.invitations.invite(
    { name: NAME, roles: ['admin'], first: true },
    actor,
  )
  return invited.ok ? ok(invited.value.link) : refusal('server-busy')
}

/** Whether nobody can sign in: the clinic has yet to begin. */
export const isNew = (accounts: readonly Account[]): boolean =>
  accounts.every(({ user }) => user.status === 'invited' && user.roles.includes('admin'))

export const makeFirstAdminLink = operation({
  name: 'first-admin-link',
  summary: 'make the link with which the first admin begins, while there is none; it works once',
  input: z.strictObject({}),
  async run(context) {
    const link = await firstAdminLink(context)
    if (!link.ok) return err(link.error)
    return ok({ path: linkPath(link.value), url: context.appUrl, expiresAt: link.value.expiresAt })
  },
  print: ({ path, url, expiresAt }) =>
    `${url === undefined ? `(the address of the app)${path}` : url + path}\nIt works once, until ${new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')} (UTC).`,
})
