/** Finding a message in a page, and the time for what is written about it. */

import type { Writer } from '@wardline/core/base/client-id'
import type { DocName } from '@wardline/core/base/ids'
import { pageDoc } from '@wardline/core/base/ids'
import type { Message, Page } from '@wardline/core/chat/page'
import type { MessageRef } from './message-id.ts'

/** How far, in ms, other clocks may pull a time ahead of this server's. */
const MAX_PULL = 60_000

export const docOf = ({ chat, month }: MessageRef): DocName => pageDoc(chat, month)

/** Which message of a page. */
export interface MessagePlace {
  readonly writer: Writer
  readonly n: number
}

export const placeOf = ({ writer, n }: MessageRef): MessagePlace => ({ writer, n })

export const findIn = (page: Page, { writer, n }: MessagePlace): Message | undefined =>
  page.messages().find((message) => message.writer === writer && message.n === n)

/** After everything in the page, so that an answer is dated after its question; as far as sane. */
export const timeAfter = (page: Page, now: number): number =>
  Math.max(now, Math.min(page.newestAt + 1, now + MAX_PULL))
