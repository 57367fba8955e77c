import type { Writer } from '../base/client-id.ts'
import type { DeviceId } from '../base/ids.ts'
import type { FileTransfer } from './files/file-transfer.ts'
import type {
  Dial,
  GetToken,
  RandomBytes,
  RecallGroup,
  TellOpenings,
  Timers,
} from './model/ports.ts'
import type { Person } from './model/views.ts'
import type { LocalStore } from './store/local-store.ts'
import type { TabBus } from './sync/tab-bus.ts'

/** What a client needs from where it runs. */
export interface Ports {
  store: LocalStore
  bus: TabBus
  dial: Dial
  getToken: GetToken
  timers: Timers
  random: RandomBytes
  /** Lets the screen and others have their turn in the middle of long work. */
  pause?: () => Promise<void>
  /** How files get to the server; without it there are none. */
  files?: FileTransfer
  /** Without it the server gets back nothing of what it said of groups. */
  recallGroup?: RecallGroup
  /** Without it nobody is told which chats were opened: a program says so by its requests. */
  tellOpenings?: TellOpenings
}

/** Who the device belongs to, and which one of theirs it is. */
export interface Identity {
  me: Person
  device: DeviceId
  writer: Writer
}
