import { describe, expect, it } from 'vitest'
import { keepRemoval, readRemoval } from './removal.ts'

/** Takes so many characters and no more. */
const storage = (room = Number.POSITIVE_INFINITY) => {
  let value: string | null = null
  return {
    getItem: () => value,
    setItem: (_: string, text: string) => {
      if (text.length > room) throw new DOMException('full', 'QuotaExceededError')
      value = text
    },
  }
}
const note = (n: number) => ({ to: 'Dr Ada Osei', at: n, text: `${n} `.repeat(50), files: [] })

describe('what is left of a removed device', () => {
  it('comes back as it was', () => {
    const kept = storage()
    const removal = { by: 'person', unsent: [note(1), { ...note(2), at: null }] } as const
    keepRemoval(removal, kept)
    expect(readRemoval(kept)).toEqual(removal)
  })

  it('is as much of the newest as there is room for, and in any case that it was removed', () => {
    for (const room of [2_000, 500, 40]) {
      const kept = storage(room)
      keepRemoval({ by: 'person', unsent: Array.from({ length: 40 }, (_, n) => note(n)) }, kept)
      const left = readRemoval(kept)
      expect(left?.by).toBe('person')
      expect(left?.unsent.length).toBeLessThan(40)
      if (room > 400) expect(left?.unsent.at(-1)).toEqual(note(39))
    }
  })

  it('is nothing when nobody removed it, or it cannot be read', () => {
    const kept = storage()
    expect(readRemoval(kept)).toBe(null)
    for (const text of ['{', 'null', '[]', '{"by":"somebody"}']) {
      kept.setItem('', text)
      expect(readRemoval(kept)).toBe(null)
    }
    kept.setItem('', '{"by":"clinic","unsent":[1,{"to":"x"},{"to":"x","text":"y"}]}')
    expect(readRemoval(kept)).toEqual({
      by: 'clinic',
      unsent: [{ to: 'x', at: null, text: 'y', files: [] }],
    })
  })
})
