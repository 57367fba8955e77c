import { describe, expect, it } from 'vitest'
import { directChatId, parseUserId } from '../../base/ids.ts'
import type { OutgoingMessage } from '../store/outgoing-store.ts'
import { UploadPlan } from './upload-plan.ts'

const chat = directChatId(parseUserId('pat-ada')!, parseUserId('doc-bea')!)
const hashOf = (name: string) => name.repeat(64).slice(0, 64)
const message = (id: string, ...names: string[]): OutgoingMessage => ({
  id,
  chat,
  at: 1,
  text: id,
  replyTo: null,
  problem: null,
  files: names.map((name) => ({
    attachment: { hash: hashOf(name), name, type: 'text/plain', size: 10 },
    location: null,
    uploaded: false,
  })),
})
/** As short text: what is to be done next. */
const next = (queue: UploadPlan): string => {
  const task = queue.next()
  if (task === undefined) return 'nothing'
  if (task.kind === 'delete') return `delete ${task.deletion.hash[0]}`
  if (task.kind === 'send') return `send ${task.message.id}`
  return `upload ${task.file.attachment.name} of ${task.message.id}`
}
const queueOf = (...messages: OutgoingMessage[]): UploadPlan => {
  const queue = new UploadPlan()
  queue.load(messages, [])
  return queue
}
const kinds = (queue: UploadPlan) =>
  queue.messages.map((each) => queue.transferOf(each).kind).join(' ')

describe('the queue of messages with files', () => {
  it('waits until there is a way to the server', () => {
    const queue = queueOf(message('one', 'a'))
    expect([next(queue), kinds(queue)]).toEqual(['nothing', 'waiting'])
    queue.resume()
    expect(next(queue)).toBe('upload a of one')
  })

  it('uploads every file, then sends, then goes on with the next message', () => {
    const queue = queueOf(message('one', 'a', 'b'), message('two', 'c'))
    queue.resume()
    queue.progress('one', hashOf('a'), 4)
    expect(queue.messages.map((each) => queue.transferOf(each))).toEqual([
      { kind: 'uploading', hash: hashOf('a'), sent: 4 },
      { kind: 'waiting' },
    ])
    queue.uploaded('one', hashOf('a'))
    expect(next(queue)).toBe('upload b of one')
    queue.uploaded('one', hashOf('b'))
    expect([next(queue), kinds(queue)]).toEqual(['send one', 'uploaded waiting'])
    queue.gone('one')
    expect(next(queue)).toBe('upload c of two')
  })

  it('sends what is uploaded also without a network: the tick comes later', () => {
    const queue = queueOf(message('one', 'a'))
    queue.resume()
    queue.uploaded('one', hashOf('a'))
    queue.unreachable()
    expect(next(queue)).toBe('send one')
  })

  it('goes on where the server has got to', () => {
    const queue = queueOf(message('one', 'a'))
    const [file] = queue.begun('one', hashOf('a'), '/upload/1')
    expect(file?.location).toBe('/upload/1')
    queue.resume()
    queue.progress('one', hashOf('a'), 4)
    queue.unreachable()
    expect([next(queue), kinds(queue)]).toEqual(['nothing', 'waiting'])
    queue.resume()
    expect(queue.next()).toMatchObject({ kind: 'upload', file: { location: '/upload/1' } })
  })

  it('waits longer with every miss, and briefly again after a success', () => {
    const queue = queueOf(message('one', 'a'))
    const waits = Array.from({ length: 8 }, () => queue.unreachable())
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1_000))
    queue.progress('one', hashOf('a'), 1)
    expect(queue.unreachable()).toBe(1_000)
    // Another attempt begins at 0, and gets no further than the last one.
    queue.progress('one', hashOf('a'), 0)
    expect(queue.unreachable()).toBe(2_000)
    queue.progress('one', hashOf('a'), 1)
    expect(queue.unreachable()).toBe(4_000)
    queue.progress('one', hashOf('a'), 2)
    expect(queue.unreachable()).toBe(1_000)
  })

  it('is not held up by a message that was refused, which can be tried again', () => {
    const queue = queueOf(message('one', 'a'), message('two', 'b'))
    queue.resume()
    queue.decide('one', 'file-type-refused')
    expect([next(queue), kinds(queue)]).toEqual(['upload b of two', 'failed waiting'])
    queue.decide('one', null)
    expect(next(queue)).toBe('upload a of one')
  })

  it('does not bring a message back that is given up', () => {
    const queue = queueOf(message('one', 'a'))
    queue.resume()
    queue.progress('one', hashOf('a'), 4)
    queue.gone('one')
    expect(queue.uploaded('one', hashOf('a'))).toEqual([])
    expect(queue.has('one')).toBe(false)
    expect(next(queue)).toBe('nothing')
  })

  it('deletes files when nothing is to be sent, and there is a network', () => {
    const queue = new UploadPlan()
    const deletions = ['d', 'e'].map((name) => ({ chat, hash: hashOf(name) }))
    queue.load([message('one', 'a')], deletions)
    expect(next(queue)).toBe('nothing')
    queue.resume()
    expect(next(queue)).toBe('upload a of one')
    queue.decide('one', 'file-damaged')
    expect(next(queue)).toBe('delete d')
    queue.deleted(deletions[0]!)
    expect(next(queue)).toBe('delete e')
  })
})
