import { createContext } from 'react'
import type { MenuPlace } from '../../ui/menu-place.ts'
import type { Message, MessageKey } from './message.ts'

/** What can be asked for from within a message; the conversation does it. */
export interface MessageControls {
  /** Whether the person may still write in the chat. */
  canWrite: boolean
  find: (key: MessageKey) => Message | undefined
  openMenu: (message: Message, at: MenuPlace) => void
  reply: (message: Message) => void
  react: (message: Message, emoji: string) => void
  showHistory: (message: Message) => void
  showInfo: (message: Message) => void
  jump: (key: MessageKey) => void
  retry: (message: Message) => void
  copy: (message: Message) => void
  remove: (message: Message) => void
}

const nothing = () => {}

export const ControlsContext = createContext<MessageControls>({
  canWrite: false,
  find: () => undefined,
  openMenu: nothing,
  reply: nothing,
  react: nothing,
  showHistory: nothing,
  showInfo: nothing,
  jump: nothing,
  retry: nothing,
  copy: nothing,
  remove: nothing,
})
