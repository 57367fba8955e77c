/** Where a chat over Socket.IO keeps its messages: `add`, `read` from a number on, receipts. */
import { ClassicLevel } from 'classic-level'

export const inMemory = () => {
  const rooms = new Map()
  return {
    add(message) {
      const messages = rooms.get(message.room)
      if (messages === undefined) rooms.set(message.room, [message])
      else messages.push(message)
    },
    read: (room, from) => rooms.get(room)?.slice(from) ?? [],
    putReceipt() {},
    close() {},
  }
}

const numbered = (room, number) => `message/${room}/${String(number).padStart(9, '0')}`

/** As `put` does unless told otherwise, nothing is synced. */
export const inLevel = async (folder) => {
  const db = new ClassicLevel(folder, { valueEncoding: 'json' })
  await db.open()
  const counts = new Map()
  const countOf = async (room) => {
    const known = counts.get(room)
    if (known !== undefined) return known
    const range = { gte: numbered(room, 0), lte: numbered(room, 999_999_999) }
    const [last] = await db.keys({ ...range, reverse: true, limit: 1 }).all()
    const count = last === undefined ? 0 : Number(last.slice(-9)) + 1
    // Somebody else may have asked, and counted on, meanwhile.
    return counts.get(room) ?? count
  }
  return {
    async add(message) {
      const number = counts.get(message.room) ?? (await countOf(message.room))
      const next = Math.max(number, counts.get(message.room) ?? 0)
      counts.set(message.room, next + 1)
      await db.put(numbered(message.room, next), message)
    },
    read: (room, from) =>
      db.values({ gte: numbered(room, from), lte: numbered(room, 999_999_999) }).all(),
    putReceipt: ({ room, author, read }) => db.put(`receipt/${room}/${author}`, read),
    close: () => db.close(),
  }
}
