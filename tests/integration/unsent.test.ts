/** What a device that is to be emptied has that the server does not. */
import { monthOf, pageDoc } from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { noDraft } from '@wardline/core/client/model/composer-draft'
import type { MessageView } from '@wardline/core/client/model/views'
import { expect, it } from 'vitest'
import { ada, chat, type Device, pat, START, World } from '../support/world.ts'

const unsent = async (device: Device) => (await device.client?.unsent()) ?? []
const messages = async (device: Device): Promise<MessageView[]> =>
  (await device.open()).items.flatMap((item) => (item.type === 'message' ? [item] : []))

it('is every message that waits, what was changed meanwhile, and what is not finished', async () => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone')
  await world.device(ada, 'desk')
  await phone.send('is on the server')
  await world.quiesce()
  expect(await unsent(phone)).toEqual([])
  phone.goOffline()
  await phone.send('written in the lift')
  await phone.send('taken back again')
  const [first, , last] = await messages(phone)
  await phone.client?.edit(chat, first?.key ?? '', 'is on the server, and was changed')
  await phone.client?.retract(chat, last?.key ?? '')
  await phone.client?.setDraft(chat, { ...noDraft, text: 'half a sent' })
  const expected = [
    { chat, at: expect.any(Number), text: 'is on the server, and was changed', files: [] },
    { chat, at: expect.any(Number), text: 'written in the lift', files: [] },
    { chat, at: null, text: 'half a sent', files: [] },
  ]
  expect(await unsent(phone)).toEqual(expected)
  // After a restart without a network as well.
  phone.kill()
  await phone.start()
  expect(await unsent(phone)).toEqual(expected)
  phone.goOnline()
  await world.quiesce()
  expect(await unsent(phone)).toEqual(expected.slice(2))
})

it('has messages whose files are on their way, by the names of these, and refused ones', async () => {
  const world = await World.open()
  const phone = await world.device(pat, 'phone')
  await world.quiesce()
  const bytes = new Blob(['a rash'])
  const attachment = { hash: 'a'.repeat(64), name: 'arm.jpg', type: 'image/jpeg', size: bytes.size }
  await phone.client?.sendFiles(chat, 'look at this', [{ attachment, bytes }])
  const body = await sealBody({ text: 'was refused' })
  const refused = [{ body, at: START - 1, code: 'too-large' }]
  await phone.store.append(pageDoc(chat, monthOf(START)), [], { refused })
  phone.kill()
  await phone.start()
  expect(await unsent(phone)).toMatchObject([
    { text: 'was refused', at: START - 1, files: [] },
    { text: 'look at this', files: ['arm.jpg'] },
  ])
})
