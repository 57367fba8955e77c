/** Who wrote with which writer: the names that no two may share. */
import { readMessageKey } from '@wardline/core/client/model/message-key'
import { readClientFrame } from '@wardline/core/protocol/frames'
import { expect, it, vi } from 'vitest'
import { pat, World } from '../support/world.ts'

it('[ID-1] [GATE-11] each start of each tab has writers of its own, and says hello with none of them', async () => {
  const world = await World.open()
  /** Writers with which somebody said hello. */
  const greeted: number[] = []
  const accept = world.server.accept.bind(world.server)
  vi.spyOn(world.server, 'accept').mockImplementation((socket, address) => {
    const handler = accept(socket, address)
    return {
      receive: (bytes) => {
        const frame = readClientFrame(bytes)
        if (frame.type === 'hello') greeted.push(frame.writer)
        handler.receive(bytes)
      },
      closed: () => handler.closed(),
    }
  })
  const phone = await world.device(pat, 'phone')
  const second = await world.tab(phone, 'second')
  await world.quiesce()
  for (let i = 0; i < 4; i++) {
    await phone.send(`first ${i}`)
    await second.send(`second ${i}`)
    await world.quiesce()
    // Whichever tab leads then says hello.
    phone.kill()
    await phone.start()
    await world.quiesce()
  }
  const { items } = await second.open()
  const writers = items.map(({ key }) => readMessageKey(key)?.writer ?? -1)
  expect(writers).toHaveLength(8)
  // One tab that was started four times, and one that went on.
  expect(new Set(writers).size).toBe(5)
  expect(greeted.length).toBeGreaterThan(1)
  expect(new Set(greeted).size).toBe(greeted.length)
  expect(greeted.filter((writer) => writers.includes(writer))).toEqual([])
})
