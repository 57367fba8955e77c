/**
 * The application behind the interface's ports: this browser profile as one device of one person.
 * It shows what the device holds before it asks anybody else.
 */

import { type ChatId, type DeviceId, parseDeviceId, parseDocName } from '@wardline/core/base/ids'
import { Client, type ClientOptions } from '@wardline/core/client/client'
import type { Conversation } from '@wardline/core/client/conversation/conversation'
import { outcomeOf, type WriteOutcome } from '@wardline/core/client/conversation/write-outcome'
import type { DownloadOutcome } from '@wardline/core/client/files/file-transfer'
import type { ConversationView, Person, ShellView } from '@wardline/core/client/model/views'
import { nothingFound } from '@wardline/core/client/search/results'
import type { LocalState } from '@wardline/core/client/store/local-store'
import { browserTimers } from '../base/browser-timers.ts'
import { later } from '../base/later.ts'
import { signInOfHash } from '../base/route.ts'
import { whenIdle } from '../base/when-idle.ts'
import { closeAllNotifications } from '../service-worker/notification.ts'
import { type AppUpdates, registerServiceWorker } from '../service-worker/register.ts'
import { listenToWorker } from '../service-worker/worker-message.ts'
import { IdbLocalStore } from '../storage/idb-local-store.ts'
import { browserDial } from '../sync/browser-dial.ts'
import type { DeviceResult, DevicesApi } from '../sync/devices-api.ts'
import { fileTransfer } from '../sync/file-transfer.ts'
import type { GroupsApi, NewGroupResult } from '../sync/groups-api.ts'
import { matchPeople } from '../sync/match-people.ts'
import type { FindPeople } from '../sync/people-api.ts'
import type { PushApi } from '../sync/push-api.ts'
import { type RemovedBy, Session, type SignInResult as SessionResult } from '../sync/session.ts'
import { tellOpenings } from '../sync/tell-openings.ts'
import { isAttentive, listenForWake } from '../sync/wake.ts'
import { browserTabBus } from '../tabs/browser-tab-bus.ts'
import type { ClinicCopy } from './clinic-copy.ts'
import type { Install } from './install.ts'
import { isLocking } from './is-locking.ts'
import { LaterNotifications } from './later-notifications.ts'
import { ListKeeper } from './list-keeper.ts'
import { liveValue } from './live-value.ts'
import { nobody } from './nobody.ts'
import { paced } from './paced.ts'
import type { ChatActions, ChatPorts, FoundPeople, SignInResult } from './ports.ts'
import {
  forgetRemoval,
  keepRemoval,
  type Removal,
  readRemoval,
  type UnsentNote,
} from './removal.ts'
import { startAgain, started } from './start-again.ts'
import type { StorageRisk } from './storage-risk.ts'

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

/** What became of signing in at the identity provider; the address forgets it. */
const takeSignInOutcome = (): string | null => {
  const outcome = signInOfHash(location.hash)
  if (outcome !== null) history.replaceState(null, '', location.pathname)
  return outcome
}

/** Lets the screen and others have their turn. */
const pause = (): Promise<void> => new Promise((go) => void browserTimers.after(0, go))

const newDevice = (): DeviceId => {
  const text = [...random(16)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]).join('')
  const device = parseDeviceId(text)
  if (device === undefined) throw new Error('A device’s name is 16 letters and digits.')
  return device
}

/** Set while the server has not heard that the person signed out; it holds nothing else. */
const SIGN_OUT_DUE = 'wardline-sign-out-due'
/** How long, in ms, signing out waits for the server before it goes on without. */
const SIGN_OUT_WAIT = 3_000
/** How old, in ms, what a screen shows of the clinic may be, as its emergency number. */
const CLINIC_AGE = 10 * 60_000
/** How long, in ms, a new group may take to arrive before it is opened all the same. */
const GROUP_WAIT = 5_000

/** What is there before the device is. */
export interface DeviceOptions {
  clinic: ClinicCopy
  install: Install
  storageRisk: StorageRisk
}

export class Device implements ChatPorts {
  readonly shell = liveValue<ShellView | null>(null)
  readonly conversation = liveValue<ConversationView | null>(null)
  readonly update = liveValue(false)
  readonly #clinic: ClinicCopy
  readonly clinic: ClinicCopy['told']
  readonly refreshClinic = (): Promise<void> => this.#clinic.refresh()
  readonly #storageRisk: StorageRisk
  readonly storageRisk: StorageRisk['told']
  readonly removal = liveValue<Removal | null>(null)
  readonly outcome = liveValue<string | null>(null)
  readonly install: Install
  readonly notifications: LaterNotifications
  readonly actions: ChatActions
  readonly access: ChatPorts['access']
  /** Another tab signed out, or brought a newer version: this page shows what is no more. */
  readonly #store = new IdbLocalStore({
    // The address names a chat, which is not for who comes next.
    ended: (why) => (why === 'wiped' ? location.replace('/') : location.reload()),
  })
  readonly #list = new ListKeeper({
    put: (record) => this.#store.putList(record),
    shell: () => (this.#client === undefined || this.#leaving ? null : this.#client.shell()),
    mayKeep: ({ me }) => me !== null && !isLocking(me, this.#clinic.told.get()),
    isVisible: () => document.visibilityState === 'visible',
    timers: browserTimers,
  })
  readonly session: Session
  readonly #findPeople: FindPeople
  readonly #updates: AppUpdates
  /** Whose device this is, from before the client starts to the end. */
  #owner: Person['id'] | null = null
  #client: Client | undefined
  #starting: Promise<Client> | undefined
  /** What is on this device is going, or has gone. */
  #leaving = false
  #opened: Conversation | undefined
  /** The chat that the screen asks for, which may still be on its way. */
  #wanted: ChatId | undefined
  /** The chat that is being read: asking for it again would read it twice. */
  #opening: ChatId | undefined

  constructor({ clinic, install, storageRisk }: DeviceOptions) {
    this.#storageRisk = storageRisk
    this.storageRisk = storageRisk.told
    this.#clinic = clinic
    this.clinic = clinic.told
    this.install = install
    this.session = new Session({
      owner: () => this.#owner,
      removed: (by) => void this.#remove(by),
      renewed: (person) => this.#follow(person),
    })
    const { getToken, dropToken } = this.session
    this.access = { getToken, dropToken, signInBy: (path, body) => this.#signIn(path, body) }
    this.#findPeople = laterPeople({ getToken, dropToken })
    const groups = laterGroups({ getToken, dropToken })
    const devices = laterDevices({ getToken, dropToken })
    const api = laterPush({ getToken, dropToken })
    this.notifications = new LaterNotifications(async () => {
      const [{ keptChoice, Notifications }, { pushBrowser }] = await Promise.all([
        import('./notifications.ts'),
        import('../service-worker/push-browser.ts'),
      ])
      return new Notifications({ browser: pushBrowser(), api, choice: keptChoice })
    })
    listenToWorker(({ type }) => {
      if (type === 'PUSH_CHANGED' && this.#owner !== null) void this.notifications.renew()
    })
    this.#updates = registerServiceWorker({ updateReady: () => this.update.set(true) })
    window.addEventListener('pagehide', ({ persisted }) => {
      if (persisted) this.#store.letGo()
    })
    // It has nothing that it could go on with.
    window.addEventListener('pageshow', ({ persisted }) => {
      if (persisted) location.reload()
    })
    listenForWake({
      woke: () => {
        this.#client?.wake()
        this.#updates.check()
        void this.#clinic.refresh()
      },
      network: (there) => this.#client?.network(there),
      visible: (visible) => {
        this.#client?.attend(visible)
        // What changed while nobody could see it was not written.
        if (visible) this.#list.changed()
        this.#noteOpened()
      },
    })
    this.actions = {
      signIn: (email, password) => this.#signIn('/api/auth/login', { email, password }),
      provider: async () => {
        const part = await import('../sync/sign-in-methods.ts').catch(() => undefined)
        return (await part?.signInMethods())?.provider ?? null
      },
      goToProvider: async () => {
        const device = await this.#nameDevice()
        // On a shared computer whoever is still signed in there may be another person.
        const again = this.#owner === null || this.outcome.get() !== null
        const { providerAddress } = await import('../sync/sign-in-methods.ts')
        location.assign(providerAddress(device, await ownName(), again))
      },
      signOut: () => this.#signOut(),
      devices,
      signOutEverywhere: () => this.#signOutEverywhere(devices),
      forgetRemoval: () => {
        forgetRemoval()
        this.removal.set(null)
      },
      openChat: (chat) => void this.#open(chat),
      closeChat: () => this.#close(),
      // Over when it is on the screen: whoever looks for more in it would load the next month else.
      loadOlder: async () => {
        await this.#opened?.loadOlder()
        await this.#client?.told()
      },
      send: (chat, { text, replyTo, from }) =>
        this.#write((client) => client.send(chat, text, replyTo, from)),
      sendFiles: (chat, text, files, replyTo, written) =>
        this.#write((client) => {
          const from = written && { ...written.from, text: written.text }
          return client.sendFiles(chat, text, files, replyTo, from)
        }),
      peekFile: async (attachment) => blobOf(await this.#client?.files.peek(attachment)),
      openFile: async (chat, attachment, progress) => {
        const opened = await this.#client?.files.open(chat, attachment, progress)
        const blob = blobOf(opened)
        if (blob !== undefined) return { kind: 'here', blob }
        return opened?.kind === 'gone' || opened?.kind === 'damaged'
          ? { kind: opened.kind }
          : { kind: 'unreachable' }
      },
      retryMessage: (chat, key) => this.#write((client) => client.sendAgain(chat, key)),
      editMessage: (chat, key, text) => this.#write((client) => client.edit(chat, key, text)),
      retractMessage: (chat, key) => this.#write((client) => client.retract(chat, key)),
      reactToMessage: (chat, key, emoji) => this.#write((client) => client.react(chat, key, emoji)),
      messageHistory: async (chat, key) => (await this.#client?.history(chat, key)) ?? [],
      messageInfo: async (chat, key) => (await this.#client?.info(chat, key)) ?? [],
      setChatPrefs: async (chat, prefs) => this.#client?.setChatPrefs(chat, prefs),
      archiveChat: async (chat, archived) => this.#client?.archive(chat, archived),
      markChatRead: async (chat) => this.#client?.markAllRead(chat),
      setDraft: (chat, draft) => void this.#client?.setDraft(chat, draft).catch(ignoreDraft),
      setTyping: (chat, typing) => this.#client?.setTyping(chat, typing),
      markVisible: (chat, keys) => {
        if (!isAttentive()) return
        this.#client?.opened(chat)
        void this.#client?.markRead(chat, keys)
      },
      search: async (query, options) =>
        (await this.#client?.search(query, options)) ?? nothingFound,
      findPeople: (query) => this.#people(query),
      findMembers: (query) => this.#members(query),
      groups: { ...groups, create: (...group) => this.#createGroup(groups, group) },
      startChat: async (id) => this.#startChat(id),
      retryConnection: () => this.#client?.wake(),
      applyUpdate: () => this.#updates.applyUpdate(),
      dismissUpdate: () => this.update.set(false),
      putOffStorageRisk: () => this.#storageRisk.putOff(),
    }
  }

  /** Shows what this device holds. */
  async start(): Promise<void> {
    void this.#clinic.refresh()
    setInterval(() => {
      if (document.visibilityState === 'visible') void this.#clinic.refresh()
    }, CLINIC_AGE)
    const removal = readRemoval()
    const outcome = takeSignInOutcome()
    try {
      const state = await this.#store.load()
      started()
      const { me, device } = state.meta
      if (removal !== null) return await this.#showRemoval(removal, me !== null)
      if (outcome !== null && outcome !== 'done') this.outcome.set(outcome)
      if (me !== null && device !== null) {
        const running = this.#run(me, state)
        if (outcome === 'done') void this.#resume()
        return await running
      }
      if (outcome === 'done' && (await this.#resume())) return
      this.shell.set(nobody)
      if (localStorage.getItem(SIGN_OUT_DUE) !== null) await this.#endSession()
    } catch (error) {
      // A browser that keeps nothing will not keep anything the next time.
      if (isOfStore(error) && startAgain()) return
      this.shell.set({ ...nobody, storageProblem: problemOf(error) })
    }
  }

  /** @param state what is on the device, if that was read just now */
  async #run(me: Person, state?: LocalState): Promise<void> {
    this.#owner = me.id
    const options: ClientOptions = {
      store: this.#store,
      bus: browserTabBus(me.id),
      dial: browserDial({ unauthorized: () => this.session.dropToken() }),
      getToken: () => this.session.getToken(),
      timers: browserTimers,
      pause,
      random,
      files: fileTransfer({
        getToken: () => this.session.getToken(),
        dropToken: () => this.session.dropToken(),
      }),
      recallGroup: laterGroups(this.session).recall,
      tellOpenings: tellOpenings(this.session),
    }
    this.#starting = Client.start(options, state)
    const [client] = await Promise.all([
      this.#starting,
      // Before the list is there, which a banner would move.
      state !== undefined && hasWords(state) && this.#storageRisk.look(),
    ])
    this.#client = client
    client.attend(document.visibilityState === 'visible')
    // What was read, what is made of it and what is drawn are long enough each.
    await pause()
    client.shell()
    await pause()
    const showShell = paced(() => this.#showShell(), browserTimers)
    client.subscribe(() => {
      showShell()
      this.#list.changed()
      this.conversation.set(this.#opened?.view() ?? null)
      // A chat that a link names may become known only now.
      if (this.#wanted !== undefined && this.#opened?.chat !== this.#wanted)
        void this.#open(this.#wanted)
    })
    this.#showShell()
    if (this.#wanted !== undefined) void this.#open(this.#wanted)
    // After what is on screen first.
    whenIdle(() => {
      this.#list.changed()
      void this.#storageRisk.ask()
      void this.notifications.renew()
      // So that a chat can be started offline with somebody known.
      if (hasChats(me)) void (me.role === 'doctor' ? this.#members('') : this.#people(''))
    })
  }

  /** What a write came to; without a client there is nothing that could be written to. */
  async #write(write: (client: Client) => Promise<void>): Promise<WriteOutcome> {
    const client = this.#client
    return client === undefined ? { kind: 'not-saved', why: '' } : outcomeOf(write(client))
  }

  /** @param path which way in, as the HTTP interface has it; @param body what that takes */
  async #signIn(path: string, body: object): Promise<SignInResult> {
    const device = await this.#nameDevice()
    const named = { ...body, device, deviceName: await ownName() }
    return this.#taken(await this.session.signInBy(path, named), device)
  }

  /** Whether the person is who the session is of that began at the identity provider. */
  async #resume(): Promise<boolean> {
    const result = await this.session.resume()
    if (!result.ok) this.outcome.set(result.code)
    return (await this.#taken(result, await this.#nameDevice())).ok
  }

  /** The name of this device, kept from now on: it goes along to where somebody signs in. */
  async #nameDevice(): Promise<DeviceId> {
    const { meta } = await this.#store.load()
    if (meta.device !== null) return meta.device
    const device = newDevice()
    await this.#store.putMeta({ device })
    return device
  }

  /** The person is signed in, or is told why not. */
  async #taken(result: SessionResult, device: DeviceId): Promise<SignInResult> {
    localStorage.removeItem(SIGN_OUT_DUE)
    if (!result.ok)
      return { ok: false, message: result.message, code: result.refusal ?? result.code }
    this.outcome.set(null)
    if (this.#client === undefined && this.#starting === undefined) {
      await this.#store.putMeta({ me: result.user, device })
      await this.#run(result.user)
    } else {
      const client = this.#client ?? (await this.#starting)
      client?.signedIn()
      // It is another session, which has to subscribe for itself.
      void this.notifications.renew()
    }
    return { ok: true }
  }

  /** What is on the device goes first, network or not; the server hears of it when it can. */
  async #signOut(): Promise<void> {
    this.#leaving = true
    this.#list.stop()
    this.#close()
    this.#client?.close()
    await this.#store.wipe()
    this.#clearChoices()
    await this.#leave()
  }

  async #signOutEverywhere(devices: DevicesApi): Promise<DeviceResult> {
    // The end of this one's session is no news then.
    this.#leaving = true
    const result = await devices.signOutEverywhere()
    if (result.ok) await this.#signOut()
    else this.#leaving = false
    return result
  }

  /**
   * The account does not have this device any more: what is on it goes, at once, but for what its
   * person removed before it was sent.
   */
  async #remove(by: RemovedBy): Promise<void> {
    if (this.#leaving) return
    this.#leaving = true
    this.#list.stop()
    // Nothing is shown, or written, from here on; the composer gives away what is in it.
    this.shell.set(null)
    const client = await this.#starting
    await pause()
    const unsent = by === 'person' && client !== undefined ? await notesOf(client) : []
    this.#close()
    client?.close()
    await oneTabOnly(async () => {
      if (readRemoval() !== null) return
      this.#clearChoices()
      keepRemoval({ by, unsent })
      // Where that fails the next start tries again, before it shows anything.
      await this.#store.wipe().catch(() => {})
    })
    await this.#leave()
  }

  /** @param left whether anything of the person is on the device yet */
  async #showRemoval(removal: Removal, left: boolean): Promise<void> {
    if (left) await this.#store.wipe()
    this.shell.set(nobody)
    this.removal.set(removal)
    if (localStorage.getItem(SIGN_OUT_DUE) !== null) await this.#endSession()
  }

  /** Choices and notes beside the database, whichever there are. */
  #clearChoices(): void {
    localStorage.clear()
    this.#clinic.keep()
    localStorage.setItem(SIGN_OUT_DUE, '')
  }

  /** The next person begins with a page that has never held anything of this one. */
  async #leave(): Promise<void> {
    void forgetNotifications()
    const told = this.notifications.end().then(() => this.#endSession())
    await Promise.race([told, new Promise((done) => setTimeout(done, SIGN_OUT_WAIT))])
    location.replace('/')
  }

  async #endSession(): Promise<void> {
    if (await this.session.signOut()) localStorage.removeItem(SIGN_OUT_DUE)
  }

  async #open(chat: ChatId): Promise<void> {
    this.#wanted = chat
    const client = this.#client
    if (this.#opened?.chat === chat || this.#opening === chat || client === undefined) return
    this.#opened?.close()
    this.#opened = undefined
    this.#opening = chat
    this.conversation.set(null)
    const opened = await client.openConversation(chat).finally(() => {
      if (this.#opening === chat) this.#opening = undefined
    })
    if (this.#wanted !== chat || this.#opened !== undefined) return opened?.close()
    this.#opened = opened
    this.conversation.set(opened?.view() ?? null)
    this.#noteOpened()
    // Whoever opens a chat that was marked as unread has taken note of the mark.
    if (opened?.view()?.chat.markedUnread === true && isAttentive())
      void client.setChatPrefs(chat, { markedUnread: false })
  }

  /** Whoever looks at a chat has opened it. */
  #noteOpened(): void {
    if (this.#opened !== undefined && isAttentive()) this.#client?.opened(this.#opened.chat)
  }

  #close(): void {
    this.#wanted = undefined
    this.#opening = undefined
    this.#opened?.close()
    this.#opened = undefined
    this.conversation.set(null)
  }

  /** The app is as the clinic says from the next start on. */
  #follow(person: Person): void {
    const me = this.#client?.me
    if (me === undefined || this.#leaving || isSamePerson(me, person)) return
    // What cannot be stored is told by whatever else is stored, and comes with the next renewal.
    this.#store.putMeta({ me: person }).catch(() => {})
  }

  async #people(query: string): Promise<FoundPeople> {
    const client = this.#client
    if (client === undefined) return { people: [], stale: true }
    const role = client.me.role === 'patient' ? 'doctor' : 'patient'
    const found = await this.#findPeople(role, query)
    if (found.ok) {
      await client.rememberPeople(found.people)
      return { people: found.people, stale: false }
    }
    const known = client.people().filter((person) => person.role === role)
    return { people: matchPeople(known, query), stale: true }
  }

  async #members(query: string): Promise<FoundPeople> {
    const client = this.#client
    if (client === undefined) return { people: [], stale: true }
    const answers = await Promise.all(
      (['doctor', 'staff', 'patient'] as const).map((role) => this.#findPeople(role, query)),
    )
    const stale = answers.some(({ ok }) => !ok)
    const there = answers.flatMap((answer) => (answer.ok ? answer.people : []))
    if (!stale) await client.rememberPeople(there)
    const found = stale ? client.people() : there
    const people = matchPeople(found, stale ? query : '').filter(({ id }) => id !== client.me.id)
    return { people, stale }
  }

  async #createGroup(
    groups: GroupsApi,
    group: Parameters<GroupsApi['create']>,
  ): Promise<NewGroupResult> {
    const made = await groups.create(...group)
    const client = this.#client
    if (!made.ok || client === undefined) return made
    // It comes by the socket, which may be slower, or away.
    await new Promise<void>((done) => {
      const look = () => {
        if (!client.shell().chats.some(({ id }) => id === made.chat)) return
        stop()
        done()
      }
      const unsubscribe = client.subscribe(look)
      const cancel = browserTimers.after(GROUP_WAIT, () => {
        unsubscribe()
        done()
      })
      const stop = () => {
        unsubscribe()
        cancel()
      }
      look()
    })
    this.#showShell()
    return made
  }

  #startChat(id: Person['id']): ChatId {
    const person = this.#client?.people().find((known) => known.id === id)
    const chat = person && this.#client?.startChat(person)
    if (chat === undefined) throw new Error('There can be no chat with this person.')
    // At once: it is opened next.
    this.#showShell()
    return chat
  }

  #showShell(): void {
    if (this.#client !== undefined && !this.#leaving) this.shell.set(this.#client.shell())
  }
}

/** What was not sent, with the names of the chats. */
const notesOf = async (client: Client): Promise<UnsentNote[]> => {
  const titles = new Map(client.shell().chats.map(({ id, title }) => [id, title]))
  const unsent = await client.unsent().catch(() => [])
  return unsent.map(({ chat, ...note }) => ({ ...note, to: titles.get(chat) ?? 'somebody' }))
}

/** Tabs hear of a removal at the same time. */
const oneTabOnly = async (task: () => Promise<void>): Promise<void> => {
  const { locks } = navigator as { locks?: LockManager }
  await (locks === undefined ? task() : locks.request('wardline-removal', task))
}

const away = {
  ok: false,
  message: 'This needs a connection. Try again when you are online.',
} as const
type Asking = Pick<Session, 'getToken' | 'dropToken'>

const laterGroups = (asking: Asking): GroupsApi =>
  later(async () => (await import('../sync/groups-api.ts')).groupsApi(asking), {
    create: away,
    rename: away,
    add: away,
    remove: away,
    recall: false,
  })

const laterPeople = (asking: Asking): FindPeople =>
  later(async () => ({ find: (await import('../sync/people-api.ts')).peopleApi(asking) }), {
    find: { ...away, code: 'unreachable' },
  }).find

const laterPush = (asking: Asking): PushApi =>
  later(async () => (await import('../sync/push-api.ts')).pushApi(asking), {
    key: undefined,
    subscribe: false,
    unsubscribe: false,
  })

const laterDevices = (asking: Asking): DevicesApi =>
  later(async () => (await import('../sync/devices-api.ts')).devicesApi(asking), {
    list: away,
    rename: away,
    remove: away,
    signOutEverywhere: away,
    changePassword: away,
  })

/** What this device calls itself: only who signs in needs that. */
const ownName = async (): Promise<string> => {
  const part = await import('../base/device-name.ts').catch(() => undefined)
  return part?.deviceName() ?? ''
}

/** A notification that stays would tell the next person of a message that is not for them. */
const forgetNotifications = async (): Promise<void> => {
  const registration = await navigator.serviceWorker?.getRegistration()
  if (registration !== undefined) await closeAllNotifications(registration)
}

const blobOf = (opened: DownloadOutcome | undefined): Blob | undefined =>
  opened?.kind === 'done' && opened.bytes instanceof Blob ? opened.bytes : undefined

/** Who looks after people and settings alone has none, and finds nobody to begin one with. */
const hasChats = ({ roles }: Person): boolean => roles?.join() !== 'admin'

/** Where there is nothing yet, there is nothing to lose. */
const hasWords = ({ docs, drafts }: LocalState): boolean =>
  drafts.length > 0 ||
  docs.some(({ doc, lastRow }) => lastRow > 0 && parseDocName(doc)?.kind === 'page')

/** A draft that could not be kept is still in the composer; the shell says what is wrong. */
const ignoreDraft = (): void => {}

const isOfStore = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'LocalStoreError'

const problemOf = (error: unknown): string =>
  isOfStore(error)
    ? error.message
    : 'This browser does not let Wardline save anything. Private windows often do not.'

const isSamePerson = (one: Person, other: Person): boolean =>
  one.name === other.name &&
  one.role === other.role &&
  String(one.roles ?? [one.role]) === String(other.roles ?? [other.role])
