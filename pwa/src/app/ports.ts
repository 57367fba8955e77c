/**
 * What the interface needs from the application behind it, and nothing else. The real client and
 * the fixtures implement it.
 */

import type { ChatId, UserId } from '@wardline/core/base/ids'
import type { Attachment } from '@wardline/core/chat/attachment'
import type { WriteOutcome } from '@wardline/core/client/conversation/write-outcome'
import type { ComposerDraft } from '@wardline/core/client/model/composer-draft'
import type { GetToken } from '@wardline/core/client/model/ports'
import type {
  ChatSummary,
  ConversationView,
  MessageInfo,
  MessageView,
  ShellView,
} from '@wardline/core/client/model/views'
import type { SearchOptions, SearchResults } from '@wardline/core/client/search/results'
import type { ClinicView } from '../base/clinic.ts'
import type { OpenedFile, ReadyFile } from '../features/attachments/file-port.ts'
import type { EarlyFolders } from '../features/chat-list/folder.tsx'
import type { Written } from '../features/conversation/written.ts'
import type { Removal } from '../features/devices/removed-screen.tsx'
import type { FoundPeople } from '../features/new-chat/use-people.ts'
import type { SignInResult } from '../features/sign-in/sign-in-form.tsx'
import type { DeviceResult, DevicesApi } from '../sync/devices-api.ts'
import type { GroupsApi } from '../sync/groups-api.ts'
import type { Session } from '../sync/session.ts'
import type { InstallState } from './install.ts'
import type { Readable } from './live-value.ts'
import type { NotificationState, SwitchResult } from './notifications.ts'

export type { FoundPeople, SignInResult }

type MessageKey = MessageView['key']
type KeptChat = Pick<ChatSummary, 'pinned' | 'muted' | 'markedUnread' | 'onRounds' | 'blocked'>

export interface ChatActions {
  /** Refusals carry words for the person; nothing is thrown for a wrong password or no network. */
  signIn: (email: string, password: string) => Promise<SignInResult>
  /** What the clinic's identity provider is called; null where there is none, or no network. */
  provider: () => Promise<string | null>
  /** Leaves the page, to sign in there. Rejects when the device can keep nothing. */
  goToProvider: () => Promise<void>
  /** The person was warned about unsent messages. Resolves when this device is clean. */
  signOut: () => Promise<void>
  /** The person's devices, and their password; these need the network. */
  devices: DevicesApi
  /**
   * Signs out on all devices, and empties this one, of which the person was warned. Does nothing when
   * the server cannot be reached.
   */
  signOutEverywhere: () => Promise<DeviceResult>
  /** What was left of a removed device goes, too. */
  forgetRemoval: () => void

  /** Which chat `conversation` shows from now on. Opening the open one again changes nothing. */
  openChat: (chat: ChatId) => void
  closeChat: () => void
  /** Loads the next older page of the open chat. Rejects when it could not. */
  loadOlder: () => Promise<void>

  /**
   * `stored` when the message is committed to this device's database; only then does the composer
   * let go of the text. This and all that writes never rejects: what became of it has to be looked at.
   */
  send: (chat: ChatId, written: Written) => Promise<WriteOutcome>
  /**
   * A message with files, which go when they can.
   * @param from whose words went into a file
   */
  sendFiles: (
    chat: ChatId,
    text: string,
    files: readonly ReadyFile[],
    replyTo?: MessageKey,
    from?: Written,
  ) => Promise<WriteOutcome>
  /** A file of a message, only from this device. */
  peekFile: (attachment: Attachment) => Promise<Blob | undefined>
  /** From wherever it is. Never rejects. */
  openFile: (
    chat: ChatId,
    attachment: Attachment,
    progress: (received: number) => void,
  ) => Promise<OpenedFile>
  /** Tries a refused message again. */
  retryMessage: (chat: ChatId, key: MessageKey) => Promise<WriteOutcome>
  editMessage: (chat: ChatId, key: MessageKey, text: string) => Promise<WriteOutcome>
  retractMessage: (chat: ChatId, key: MessageKey) => Promise<WriteOutcome>
  /** '' takes the own reaction back. */
  reactToMessage: (chat: ChatId, key: MessageKey, emoji: string) => Promise<WriteOutcome>
  /** The texts before the edits, oldest first. */
  messageHistory: (chat: ChatId, key: MessageKey) => Promise<readonly string[]>
  messageInfo: (chat: ChatId, key: MessageKey) => Promise<readonly MessageInfo[]>
  /** How the person keeps a chat, on all their devices. */
  setChatPrefs: (chat: ChatId, prefs: Partial<KeptChat>) => Promise<void>
  archiveChat: (chat: ChatId, archived: boolean) => Promise<void>
  markChatRead: (chat: ChatId) => Promise<void>
  /** What stands unfinished in a chat's composer. What is sent or saved ends it by itself. */
  setDraft: (chat: ChatId, draft: ComposerDraft) => void
  setTyping: (chat: ChatId, typing: boolean) => void
  /** Messages of others that were really in view on a focused screen. Each is told once per opening. */
  markVisible: (chat: ChatId, keys: readonly MessageKey[]) => void

  /** Looks for chats and messages on this device; what it finds may change with `shell`. */
  search: (query: string, options?: SearchOptions) => Promise<SearchResults>

  /** Doctors for a patient, patients for a doctor. An empty query finds everybody there is room for. */
  findPeople: (query: string) => Promise<FoundPeople>
  /** Everybody whom a doctor can take into a group. */
  findMembers: (query: string) => Promise<FoundPeople>
  /** These need the network. A new group is in `shell.chats` when it resolves. */
  groups: GroupsApi
  /**
   * Works offline. The chat is in `shell.chats`, and is kept from its first message or draft on.
   * Rejects when there can be no chat with this person.
   */
  startChat: (person: UserId) => Promise<ChatId>

  retryConnection: () => void
  /** Restarts into the new version, or keeps quiet about it for now. */
  applyUpdate: () => void
  dismissUpdate: () => void
  /** Says nothing more of it for some weeks. */
  putOffStorageRisk: () => void
}

/** Everything outside a conversation, for the screen. */
export interface Shell extends ShellView {
  /** Of the list as it was last shown, while the device's own data is read: there are more chats. */
  early?: EarlyFolders
}

export interface ChatPorts {
  /** How the clinic presents itself, signed in or not. */
  clinic: Readable<ClinicView>
  /** Asks whether the clinic has changed. Never rejects. */
  refreshClinic: () => Promise<void>
  /** In the name of the person, for what needs the network. */
  session: Pick<Session, 'getToken' | 'dropToken'>
  /** null until the device's own data is read. */
  shell: Readable<Shell | null>
  /** null while no chat is open, or the opened one is not read yet. */
  conversation: Readable<ConversationView | null>
  /** Whether a new version waits. */
  update: Readable<boolean>
  /** Whether the browser may delete what is on this device. */
  storageRisk: Readable<boolean>
  /** What is left of a device that was removed; null when it was not. Nothing else is shown then. */
  removal: Readable<Removal | null>
  /** Why somebody who came back from the identity provider is not signed in: a code. */
  outcome: Readable<string | null>
  install: {
    state: Readable<InstallState>
    /** Lets the browser ask. Never rejects. */
    run: () => Promise<void>
  }
  /** While the app is closed, on this device. `set` answers a tap, and never rejects. */
  notifications: {
    state: Readable<NotificationState>
    set: (on: boolean) => Promise<SwitchResult>
  }
  actions: ChatActions
  /** For the parts that come later: in whose name to ask the server, and other ways to sign in. */
  access: {
    getToken: GetToken
    /** The server refused the token. */
    dropToken: () => void
    /** As `signIn`; `path` and `body` are those of the HTTP interface. */
    signInBy: (path: string, body: object) => Promise<SignInResult>
  }
}
