/**
 * What it costs a doctor to come online with 300 chats of 200 messages: on a fresh device, and
 * again after 5 new messages in 10 of the chats.
 *
 *     npm run bench -- inbox [chats=300] [messages=200] [changed=10] [new=5]
 */
import { randomBytes } from 'node:crypto'
import { writerFrom } from '@wardline/core/base/client-id'
import { monthOf, pageDoc } from '@wardline/core/base/ids'
import { textOf, WrittenPage } from '../tests/support/written-page.ts'
import { chatOf, practice, userId } from './support/clinic.ts'
import { printTable } from './support/numbers.ts'
import { costHeads, costRow, startReader, startRelay } from './support/readers.ts'
import { accessOf, startWardline } from './support/wardline.ts'

const [chats = 300, messages = 200, changed = 10, more = 5] = process.argv.slice(2).map(Number)
const people = practice(chats)
const month = monthOf(Date.now())
const rows: (string | number)[][] = []
console.log(
  `${chats} chats of ${messages} messages; then again after ${more} more in ${changed} of them`,
)

const server = await startWardline()
const reader = await startReader()
const relay = await startRelay()
try {
  const pages = people.map((pair) => ({
    doc: pageDoc(chatOf(pair), month),
    written: new WrittenPage(month, () => writerFrom(randomBytes(5))),
  }))
  const fill = async (part: typeof pages, count: number) => {
    const updates = part.map(async ({ doc, written }) => ({
      doc,
      updates: await written.write(count),
    }))
    await server.process.call.fill(await Promise.all(updates))
  }
  await server.process.call.people(people)
  await fill(pages, messages)
  await server.process.call.compacted(pages.map(({ doc }) => doc))
  await server.restart()
  const access = await accessOf(server, userId('doctor-0'), 'doctor')
  const lastOf = (count: number) => textOf(count - 1).slice(0, 20)
  const first = await reader.call.openInbox(access, chats, lastOf(messages))
  await reader.call.closeApp()
  await fill(pages.slice(0, changed), more)
  const again = await reader.call.openInbox(access, changed, lastOf(messages + more))
  await reader.call.closeApp()

  const names = people.map(chatOf)
  await relay.fill(names, 0, messages)
  const relayFirst = await relay.join(names.map((name) => ({ name, messages })))
  await relay.fill(names.slice(0, changed), messages, messages + more)
  const relayAgain = await relay.join(
    names.map((name, i) => ({ name, messages: messages + (i < changed ? more : 0) })),
  )
  rows.push(
    costRow('relay that repeats from memory', relayFirst),
    costRow('wardline', first),
    ['again', '', '', '', '', ''],
    costRow('relay that repeats from memory', relayAgain),
    costRow('wardline', again),
  )
} finally {
  await reader.end()
  await relay.end()
  await server.remove()
}
printTable(costHeads, rows)
