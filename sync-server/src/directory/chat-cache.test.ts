import { directChatId, parseUserId } from '@wardline/core/base/ids'
import { expect, it } from 'vitest'
import { ChatCache, type VersionedChat } from './chat-cache.ts'

const doctor = parseUserId('dr-ada')!
const entry = (patient: string, version: number): VersionedChat => ({
  chat: {
    id: directChatId(parseUserId(patient)!, doctor),
    kind: 'direct',
    createdAt: 0,
    members: [],
    pages: [],
  },
  version,
})

it('keeps the chats used last', () => {
  const cache = new ChatCache(2)
  const [one, two, three] = [entry('pat-1', 1), entry('pat-2', 2), entry('pat-3', 3)]
  cache.put(one)
  cache.put(two)
  cache.get(one.chat.id)
  cache.put(three)
  expect(cache.get(one.chat.id)).toBe(one)
  expect(cache.get(two.chat.id)).toBeUndefined()
  expect(cache.get(three.chat.id)).toBe(three)
})

it('keeps the newer of two versions', () => {
  const cache = new ChatCache(2)
  const newer = entry('pat-1', 5)
  cache.put(newer)
  expect(cache.put(entry('pat-1', 4))).toBe(newer)
  expect(cache.get(newer.chat.id)).toBe(newer)
})
