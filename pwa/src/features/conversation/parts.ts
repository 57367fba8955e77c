/** What other features put into a conversation; the application brings them together. */
import { type ComponentType, createContext } from 'react'
import type { Message, MessageKey } from './message.ts'

interface Writing {
  /** What the composer answers. */
  replyTo: MessageKey | undefined
  /** Something was sent, and is on this device. */
  onSent: () => void
}

export interface ConversationParts {
  /** The files of a message, above its text. */
  Files: ComponentType<{ message: Message }>
  /** Beside the text field. */
  Attach: ComponentType<Writing>
  /** In the place of "Send" while nothing is written. */
  Voice: ComponentType<Writing>
}

const Nothing = () => null

export const PartsContext = createContext<ConversationParts>({
  Files: Nothing,
  Attach: Nothing,
  Voice: Nothing,
})
