/** A text that is too long for a message, as a file of text. */
import type { ChatId } from '@wardline/core/base/ids'
import { prepareFile } from '../features/attachments/prepare-file.ts'
import type { FileOutcome, Written } from '../features/conversation/written.ts'
import type { ChatActions } from './ports.ts'

export const sendTextFile = async (
  chat: ChatId,
  written: Written,
  actions: Pick<ChatActions, 'sendFiles'>,
): Promise<FileOutcome> => {
  const day = new Date().toISOString().slice(0, 10)
  const file = new File([written.text], `Message ${day}.txt`, { type: 'text/plain' })
  const prepared = await prepareFile(file)
  if (prepared.ok) return actions.sendFiles(chat, '', [prepared.file], written.replyTo, written)
  return {
    kind: 'no-file',
    why: 'This text cannot go as a file. Send it as messages, or shorten it.',
  }
}
