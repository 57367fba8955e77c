/**
 * What it costs to get a page of 10,000 messages from a server that has just started, on a device
 * that has nothing; and to come back after 10 more.
 *
 *     npm run bench -- cold-load [messages=10000] [new=10]
 */
import { randomBytes } from 'node:crypto'
import { writerFrom } from '@wardline/core/base/client-id'
import { monthOf, pageDoc } from '@wardline/core/base/ids'
import { WrittenPage } from '../tests/support/written-page.ts'
import { chatOf, practice } from './support/clinic.ts'
import { printTable } from './support/numbers.ts'
import { costHeads, costRow, startReader, startRelay } from './support/readers.ts'
import { accessOf, startWardline } from './support/wardline.ts'

const [messages = 10_000, more = 10] = process.argv.slice(2).map(Number)
const people = practice(1)
const [pair] = people
if (pair === undefined) throw new Error('nobody is there')
const chat = chatOf(pair)
const month = monthOf(Date.now())
const doc = pageDoc(chat, month)
const rows: (string | number)[][] = []
console.log(`a page of ${messages} messages; then again after ${more} more`)

const server = await startWardline()
const reader = await startReader()
const relay = await startRelay()
try {
  const written = new WrittenPage(month, () => writerFrom(randomBytes(5)))
  await server.process.call.people(people)
  await server.process.call.fill([{ doc, updates: await written.write(messages) }])
  await server.process.call.compacted([doc])
  await server.restart()
  const access = await accessOf(server, pair.doctor, 'doctor')
  const first = [
    costRow(
      'wardline, page fetched and folded',
      await reader.call.fetchPage(access, doc, messages),
    ),
    costRow('wardline, chat open in the app', await reader.call.openChat(access, chat, messages)),
  ]
  await reader.call.closeApp()
  await server.process.call.fill([{ doc, updates: await written.write(more) }])
  const all = messages + more
  const again = [
    costRow('wardline, page fetched and folded', await reader.call.fetchPage(access, doc, all)),
    costRow('wardline, chat open in the app', await reader.call.openChat(access, chat, all)),
  ]

  await relay.fill([chat], 0, messages)
  const relayFirst = await relay.join([{ name: chat, messages }])
  await relay.fill([chat], messages, all)
  const relayAgain = await relay.join([{ name: chat, messages: all }])
  rows.push(costRow('relay that repeats from memory', relayFirst), ...first)
  rows.push(['again', '', '', '', '', ''])
  rows.push(costRow('relay that repeats from memory', relayAgain), ...again)
} finally {
  await reader.end()
  await relay.end()
  await server.remove()
}
printTable(costHeads, rows)
