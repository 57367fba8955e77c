/**
 * What the interface has before the rest of the app is here: who has signed in and their list as
 * it was last shown, or the form to sign in. The device takes over as soon as it has read its
 * database; what was asked for meanwhile it then does.
 */

import { signInOfHash } from '../base/route.ts'
import type { EarlyRead } from '../storage/early-read.ts'
import { engineChunk } from './chunks.ts'
import { ClinicCopy } from './clinic-copy.ts'
import type { Device } from './device.ts'
import { early } from './early.ts'
import { Install } from './install.ts'
import { isLocking } from './is-locking.ts'
import { later, type Shape } from './later.ts'
import { earlyShell, parseListRecord } from './list-record.ts'
import { liveValue, type Readable, type Value } from './live-value.ts'
import { nobody } from './nobody.ts'
import type { ChatActions, ChatPorts, Shell, SignInResult } from './ports.ts'
import { readRemoval } from './removal.ts'
import { StorageRisk } from './storage-risk.ts'

const tokenShape = { getToken: 'method', dropToken: 'method' } as const

const actionShape: Shape<ChatActions> = {
  provider: 'method',
  goToProvider: 'method',
  signOut: 'method',
  signOutEverywhere: 'method',
  forgetRemoval: 'method',
  openChat: 'method',
  closeChat: 'method',
  loadOlder: 'method',
  send: 'method',
  sendFiles: 'method',
  peekFile: 'method',
  openFile: 'method',
  retryMessage: 'method',
  editMessage: 'method',
  retractMessage: 'method',
  reactToMessage: 'method',
  messageHistory: 'method',
  messageInfo: 'method',
  setChatPrefs: 'method',
  archiveChat: 'method',
  markChatRead: 'method',
  setDraft: 'method',
  setTyping: 'method',
  markVisible: 'method',
  search: 'method',
  findPeople: 'method',
  findMembers: 'method',
  startChat: 'method',
  retryConnection: 'method',
  applyUpdate: 'method',
  dismissUpdate: 'method',
  putOffStorageRisk: 'method',
  signIn: 'method',
  devices: {
    list: 'method',
    rename: 'method',
    remove: 'method',
    signOutEverywhere: 'method',
    changePassword: 'method',
  },
  groups: {
    create: 'method',
    rename: 'method',
    add: 'method',
    remove: 'method',
    recall: 'method',
  },
}

/** How long the first drawing waits for the disk, ms. */
const READ_LIMIT = 500

/** What is said to somebody who signs in while a part of the app did not come. */
const notHere: SignInResult = {
  ok: false,
  message: 'The server cannot be reached. Check the connection and try again.',
}

export class StartPorts implements ChatPorts {
  readonly shell = liveValue<Shell | null>(null)
  readonly conversation = liveValue<ReturnType<Device['conversation']['get']>>(null)
  readonly update = liveValue(false)
  readonly #storageRisk = new StorageRisk()
  readonly storageRisk = this.#storageRisk.told
  readonly removal = liveValue<ReturnType<Device['removal']['get']>>(null)
  readonly outcome = liveValue<string | null>(null)
  readonly #clinic = new ClinicCopy()
  readonly clinic = this.#clinic.told
  readonly refreshClinic = (): Promise<void> => this.#clinic.refresh()
  readonly install = new Install()
  readonly #notifications = liveValue<ReturnType<Device['notifications']['state']['get']>>('off')
  readonly notifications: ChatPorts['notifications']
  readonly actions: ChatActions
  readonly session: ChatPorts['session']
  readonly access: ChatPorts['access']
  #device: Device | undefined

  constructor() {
    let here: (device: Device) => void = () => {}
    const device = new Promise<Device>((done) => {
      here = done
    })
    engineChunk.subscribe(() => {
      const state = engineChunk.get()
      if (state.kind !== 'here' || this.#device !== undefined) return
      this.#device = new state.parts.Device({
        clinic: this.#clinic,
        install: this.install,
        storageRisk: this.#storageRisk,
      })
      this.#take(this.#device, here)
    })
    const actions = later(
      device.then((there): ChatActions => there.actions),
      actionShape,
    )
    this.actions = { ...actions, signIn: this.#signIn }
    this.session = later(
      device.then((there): ChatPorts['session'] => there.session),
      tokenShape,
    )
    this.access = later(
      device.then((there): ChatPorts['access'] => there.access),
      {
        ...tokenShape,
        signInBy: 'method',
      },
    )
    const { set } = later(
      device.then(
        ({ notifications }): Pick<ChatPorts['notifications'], 'set'> => ({
          set: (on) => notifications.set(on),
        }),
      ),
      { set: 'method' },
    )
    this.notifications = { state: this.#notifications, set }
  }

  /** @param draw draws the interface for the first time */
  async start(draw: () => void): Promise<void> {
    // What is left of a removed device, and who comes back from the identity provider, is for the
    // device to look at.
    if (readRemoval() === null && signInOfHash(location.hash) === null)
      await Promise.race([early.then((read) => this.#show(read)), after(READ_LIMIT)])
    draw()
    await painted()
    await engineChunk.load().catch(() => {})
  }

  async #show(read: EarlyRead): Promise<void> {
    if (this.shell.get() !== null || this.#device !== undefined) return
    if (read.kind === 'nobody') this.shell.set(nobody)
    if (read.kind !== 'somebody') return
    const record = parseListRecord(read.list, read.me)
    if (record === undefined || isLocking(record.me, this.clinic.get())) return
    // Before the list is there, which a banner would move.
    await this.#storageRisk.look()
    if (this.#device === undefined) this.shell.set(earlyShell(record))
  }

  readonly #signIn: ChatActions['signIn'] = async (...given) => {
    if (this.#device === undefined) await engineChunk.load().catch(() => {})
    return this.#device === undefined ? notHere : this.#device.actions.signIn(...given)
  }

  /** @param here hears of it once it has read what is on the device: before it could do nothing */
  #take(device: Device, here: (device: Device) => void): void {
    follow(device.shell, this.shell)
    follow(device.conversation, this.conversation)
    follow(device.update, this.update)
    follow(device.removal, this.removal)
    follow(device.outcome, this.outcome)
    follow(device.notifications.state, this.#notifications)
    this.#notifications.set(device.notifications.state.get())
    for (const told of [device.shell, device.removal]) told.subscribe(() => here(device))
    void device.start()
  }
}

/** From its next change on: until then what is shown already is as good. */
const follow = <T>(from: Readable<T>, to: Value<T>): void => {
  from.subscribe(() => to.set(from.get()))
}

const after = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))

/** After what was drawn last is on the screen; at once where nobody sees it. */
const painted = (): Promise<void> =>
  new Promise((go) => {
    if (document.visibilityState === 'hidden') return go()
    requestAnimationFrame(() => setTimeout(go, 0))
  })
