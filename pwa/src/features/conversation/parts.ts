/** What other features put into a conversation; the application brings them together. */
import { type ComponentType, createContext } from 'react'
import type { Message, MessageKey } from './message.ts'

interface Writing {
  /** What the composer answers. */
  replyTo: MessageKey | undefined
  /** Something was sent, and is on this device. */
  onSent: () => void
}

interface Captioned {
  /** What is written below files that were picked. It is kept like what stands in the composer. */
  caption: string
  onCaption: (caption: string) => void
  /** The files are not sent after all. */
  onLeave: () => void
  /** Words that were dropped beside the field. */
  onText: (text: string) => void
}

export interface ConversationParts {
  /** The files of a message, above its text. */
  Files: ComponentType<{ message: Message }>
  /** Beside the text field. */
  Attach: ComponentType<Writing & Captioned>
  /** In the place of "Send" while nothing is written. */
  Voice: ComponentType<Writing>
  /** Every emoji there is. */
  Emoji: ComponentType<{ onChoose: (emoji: string) => void }>
}

const Nothing = () => null

export const PartsContext = createContext<ConversationParts>({
  Files: Nothing,
  Attach: Nothing,
  Voice: Nothing,
  Emoji: Nothing,
})
