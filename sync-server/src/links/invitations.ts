/** Letting people in whom somebody of the clinic vouches for: a new account, or one that is there. */
import type { UserId } from '@wardline/core/base/ids'
import { contend } from '@wardline/core/time/contend'
import type { Directory } from '../directory/directory.ts'
import { newUserId, takenOf } from '../directory/directory.ts'
import type { NewUser, NewUserProblem } from '../directory/new-user.ts'
import type { User } from '../directory/user.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { Store } from '../storage/store.ts'
import type { LinkKind } from './link-record.ts'
import type { Links, NewCode, NewLink } from './links.ts'

export interface InvitationRequest
  extends Pick<NewUser, 'email' | 'name' | 'roles' | 'specialty' | 'birthDate'> {
  /** The doctor with whom a chat is there from the beginning. */
  readonly chatWith?: UserId
  /** Of the first account that there is. */
  readonly first?: boolean
}

export interface Invitation {
  readonly user: User
  readonly link: NewLink
}

export type InvitationProblem = NewUserProblem | 'doctor-not-found' | 'busy'

export interface InvitationsOptions {
  readonly store: Store
  readonly directory: Directory
  readonly links: Links
}

/** Methods reject with `StoreError`. */
export class Invitations {
  readonly #options: InvitationsOptions

  constructor(options: InvitationsOptions) {
    this.#options = options
  }

  /** An account without anything to sign in with, and the link that gives it that: one commit. */
  async invite(
    request: InvitationRequest,
    actor: string,
  ): Promise<Result<Invitation, InvitationProblem>> {
    const { store, directory, links } = this.#options
    const { chatWith, first = false, ...person } = request
    // A program signs in with its API tokens, and with nothing else.
    if (person.roles.includes('service')) return err('bad-roles')
    const doctor = chatWith === undefined ? undefined : await directory.getUser(chatWith)
    if (chatWith !== undefined && (doctor?.role !== 'doctor' || doctor.status !== 'active'))
      return err('doctor-not-found')
    const invited = await contend<Result<Invitation, InvitationProblem>>(async () => {
      const input: NewUser = { ...person, id: newUserId(), status: 'invited' }
      const account = await directory.prepareUser(input, actor)
      if (!account.ok) return account
      const link = await links.prepare({
        kind: first ? 'first-admin' : 'invitation',
        user: account.value.user.id,
        stamp: account.value.user.stamp,
        createdBy: actor,
        ...(chatWith !== undefined && { chatWith }),
      })
      const records = [...account.value.records, ...link.records]
      const audit = [...account.value.audit, ...link.audit]
      const commit = await store.commit({ records, audit })
      if (commit.kind === 'committed') return ok({ user: account.value.done(), link: link.made })
      const taken = takenOf(records[commit.index])
      return taken === 'email-taken' ? err(taken) : undefined
    })
    if (invited?.ok !== true || chatWith === undefined) return invited ?? err('busy')
    // If the server ends here, using the link makes it.
    await directory.registerDirectChat(invited.value.user.id, chatWith, chatWith)
    return invited
  }

  /**
   * A new link for somebody who has an account: the invitation again, or a reset of what they sign
   * in with. The account is as whoever asks has seen it: with other roles or another status by now,
   * the link opens nothing. Fails with `user-not-found`, `account-inactive`, `server-busy`.
   */
  async linkFor(user: User, actor: string): Promise<Result<NewLink, Failure>> {
    const request = await this.#requestFor(user, actor)
    return request.ok ? this.#options.links.make(request.value) : request
  }

  /** The same as a code, to be read out. */
  async codeFor(user: User, actor: string): Promise<Result<NewCode, Failure>> {
    const request = await this.#requestFor(user, actor)
    return request.ok ? this.#options.links.makeCode(request.value) : request
  }

  async #requestFor(user: User, createdBy: string) {
    const { links } = this.#options
    const { id, stamp } = user
    if (user.role === 'service') return failure('user-not-found')
    if (user.status !== 'invited' && user.status !== 'active') return failure('account-inactive')
    const isFirst = (await links.openOf(id, 'first-admin')) !== undefined
    const kind: LinkKind =
      user.status === 'active' ? 'reset' : isFirst ? 'first-admin' : 'invitation'
    const chatWith = user.status === 'invited' ? await links.chatOf(id) : undefined
    return ok({ kind, user: id, stamp, createdBy, ...(chatWith !== undefined && { chatWith }) })
  }
}
