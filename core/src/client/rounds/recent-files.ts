/** The files that a person wants at hand where there is no network: those of the last days. */

import { type ChatId, type Month, monthOf } from '../../base/ids.ts'
import type { Attachment } from '../../chat/attachment.ts'
import { openBody } from '../../chat/body.ts'
import { activityOf } from '../../chat/dating.ts'
import type { Page } from '../../chat/page.ts'

/** How far back, in days. */
const DAYS = 14
const DAY = 86_400_000

export interface RecentFile {
  chat: ChatId
  /** When its message was written, or came, if that is another time. */
  at: number
  attachment: Attachment
}

/** Whether a month may hold recent files, in which there was something new last at `latest`, ms. */
export const isRecentMonth = (month: Month, latest: number, now: number): boolean =>
  month >= monthOf(now - DAYS * DAY) || latest >= now - DAYS * DAY

export const isRecent = ({ at }: RecentFile, now: number): boolean => at >= now - DAYS * DAY

/** Files of the messages in a page, oldest first. */
export const filesInPage = async (chat: ChatId, page: Page): Promise<readonly RecentFile[]> => {
  const files: RecentFile[] = []
  for (const message of page.messages()) {
    const { body } = message
    const at = activityOf(message)
    const opened = body === null ? undefined : await openBody(body)
    if (opened?.kind !== 'content') continue
    for (const attachment of opened.content.attachments ?? []) files.push({ chat, at, attachment })
  }
  return files
}

/** The newest of them that fit, each file once, and how many do not. */
export const fitting = (
  files: readonly RecentFile[],
  budget: number,
): { files: readonly RecentFile[]; omitted: number } => {
  const byHash = new Map<string, RecentFile>()
  for (const file of files.toSorted((a, b) => b.at - a.at))
    if (!byHash.has(file.attachment.hash)) byHash.set(file.attachment.hash, file)
  let left = budget
  const fit: RecentFile[] = []
  for (const file of byHash.values()) {
    if (file.attachment.size > left) continue
    left -= file.attachment.size
    fit.push(file)
  }
  return { files: fit, omitted: byHash.size - fit.length }
}
