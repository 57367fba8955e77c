import { Duplex } from 'node:stream'
import { expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { TurnEnd } from '../base/turn-end.ts'
import { SentTogether } from './web-socket.ts'

it('[SLOW-1] what waits for a slow reader keeps no more in memory than it weighs', async () => {
  const chunks: Buffer[] = []
  let take = (): void => {}
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      take = done
    },
  })
  const ws = { readyState: 1, OPEN: 1 } as unknown as WebSocket
  const socket = new SentTogether(ws, stream, new TurnEnd())
  const send = async (...lengths: number[]): Promise<void> => {
    for (const length of lengths) socket.send(new Uint8Array(length))
    await Promise.resolve()
  }
  await send(10)
  await send(20)
  await send(30, 40)
  expect(socket.bufferedAmount).toBe(100 + 4 * 2)
  for (let before = 0; before < chunks.length; ) {
    before = chunks.length
    take()
    await new Promise(setImmediate)
  }
  const sizes = chunks.map(({ length }) => length)
  expect(sizes).toEqual([12, 22, 32, 42])
  expect(chunks.slice(1).map(({ buffer }) => buffer.byteLength)).toEqual(sizes.slice(1))
})
