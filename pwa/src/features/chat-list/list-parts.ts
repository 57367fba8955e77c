/** What the list of chats does without until somebody searches, or presses long. */
import { ChatMenu } from './chat-menu.tsx'
import { FoundMessages } from './found-messages.tsx'

export const listParts = { ChatMenu, FoundMessages }
export type ListParts = typeof listParts
