import { describe, expect, it } from 'vitest'
import { type ChatPicture, indexOfShown } from './pictures.ts'

const picture = (id: string, hash: string, sender = 'You'): ChatPicture => ({
  id,
  sender,
  at: 0,
  attachment: { hash, name: 'a.png', type: 'image/png', size: 1 },
})

describe('the picture that is shown', () => {
  const others = [picture('2026-11/1.1/0', 'b'), picture('2026-11/2.1/0', 'a', 'Ada')]
  const waiting = picture('outgoing/x1/0', 'a')
  const sent = picture('2026-11/1.2/0', 'a')

  it('is found by its id', () => {
    expect(indexOfShown([...others, waiting], waiting.id, undefined)).toBe(2)
  })

  it('stays when its message was on its way, and is sent', () => {
    expect(indexOfShown([...others, sent], waiting.id, waiting)).toBe(2)
    expect(indexOfShown([...others, sent], waiting.id, sent)).toBe(2)
  })

  it('is the newest of the same bytes, where they were sent before', () => {
    const before = picture('2026-10/1.1/0', 'a')
    expect(indexOfShown([before, ...others, sent], waiting.id, waiting)).toBe(3)
  })

  it('is gone when its message was given up, or taken back', () => {
    expect(indexOfShown(others, waiting.id, waiting)).toBe(-1)
    expect(indexOfShown([...others, picture('2026-11/1.3/0', 'a')], sent.id, sent)).toBe(-1)
  })
})
