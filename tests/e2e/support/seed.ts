/** Puts messages of earlier months on the server, as a device of their author would have. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writerFrom } from '@wardline/core/base/client-id'
import {
  type ChatId,
  type DeviceId,
  type Month,
  monthStart,
  pageDoc,
  parseChatId,
} from '@wardline/core/base/ids'
import type { Attachment } from '@wardline/core/chat/attachment'
import { sealBody } from '@wardline/core/chat/body'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter } from '@wardline/core/chat/lane-writer'
import {
  type ClientFrame,
  PROTOCOL_VERSION,
  readServerFrame,
  type ServerFrame,
  writeClientFrame,
} from '@wardline/core/protocol/frames'
import { WebSocket } from 'ws'
import { signIn } from '../../support/node-device.ts'

const device = 'seed0000' as DeviceId
const HOUR = 3_600_000

interface SeededMonth {
  month: Month
  /** Three hours apart. */
  texts: readonly string[]
  /** Files of the first; whether the server has them is another matter. */
  attachments?: readonly Attachment[]
  /** Of the month, in which the first was written; the third otherwise. */
  hour?: number
}

/** The chat of a patient with a doctor, made when there is none yet. */
export const makeChat = async (
  url: string,
  patient: string,
  doctorId: string,
): Promise<{ chat: ChatId; token: string }> => {
  const { token } = await signIn(url, patient)
  const response = await fetch(`${url}/api/chat/chats`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ doctorId }),
  })
  const { chat } = (await response.json()) as { chat: { id: string } }
  const id = parseChatId(chat.id)
  if (id === undefined) throw new Error(`no chat: ${JSON.stringify(chat)}`)
  return { chat: id, token }
}

/**
 * Messages of the patient in some months, written and stored when this resolves. Each call is
 * another writer, which has seen nothing of what others wrote.
 */
export const seedMonths = async (
  url: string,
  { chat, token }: { chat: ChatId; token: string },
  months: readonly SeededMonth[],
): Promise<void> => {
  const writer = writerFrom(randomBytes(5))
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket`)
  const frames: ServerFrame[] = []
  let look = () => {}
  socket.on('message', (data: Buffer) => {
    frames.push(readServerFrame(new Uint8Array(data)))
    look()
  })
  const send = (frame: ClientFrame) => socket.send(writeClientFrame(frame))
  const came = (test: (frame: ServerFrame) => boolean): Promise<void> =>
    new Promise((done, fail) => {
      look = () => {
        const refused = frames.find(({ type }) => type === 'reject' || type === 'closed')
        if (refused !== undefined) fail(new Error(JSON.stringify(refused)))
        else if (frames.some(test)) done()
      }
      look()
    })

  await once(socket, 'open')
  send({ type: 'hello', version: PROTOCOL_VERSION, token, device, writer, epoch: '', cursor: '' })
  await came(({ type }) => type === 'welcome')
  for (const [i, { month, texts, attachments = [], hour = 3 }] of months.entries()) {
    const channel = i + 1
    const laneWriter = new LaneWriter(1, writer, device)
    send({
      type: 'open',
      channel,
      doc: pageDoc(chat, month),
      head: 0,
      stateVector: new Uint8Array(),
    })
    const drafts = await Promise.all(
      texts.map(async (text, n) => ({
        at: Math.round(monthStart(month) + (hour + n * 3) * HOUR),
        kind: EntryKind.message,
        ref: null,
        body: await sealBody({ text, ...(n === 0 && attachments.length > 0 && { attachments }) }),
      })),
    )
    send({ type: 'update', channel, update: laneWriter.entries(drafts, new Map()).update })
    await came(
      (frame) => frame.type === 'head' && frame.channel === channel && frame.accepted === 1,
    )
  }
  socket.close()
}
