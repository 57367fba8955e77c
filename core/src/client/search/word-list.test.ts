import { describe, expect, it } from 'vitest'
import { areStoredWords, WordList } from './word-list.ts'

const listOf = (...texts: string[]): WordList => {
  const list = new WordList()
  texts.forEach((text, number) => {
    list.add(number, text.split(' '))
  })
  return list
}

const found = (list: WordList, query: string) => {
  const { all, whole } = list.find(query.split(' ').filter(Boolean))
  return { all: [...all].sort(), whole: [...whole].sort() }
}

describe('a list of words', () => {
  it('finds texts with all the words, the last one by its beginning', () => {
    const list = listOf('left knee hurts', 'no kneeling', 'left hand', 'knee knee')
    expect(found(list, 'knee')).toEqual({ all: [0, 1, 3], whole: [0, 3] })
    expect(found(list, 'left kn')).toEqual({ all: [0], whole: [] })
    expect(found(list, 'kn left')).toEqual({ all: [], whole: [] })
    expect(found(list, '')).toEqual({ all: [], whole: [] })
  })

  it('keeps nothing of what was taken out', () => {
    const list = listOf('left knee', 'right knee')
    list.remove(0, ['left', 'knee'])
    list.remove(7, ['right'])
    expect(list.stored()).toEqual([
      ['knee', [1]],
      ['right', [1]],
    ])
  })

  it('is what it was after it was stored', () => {
    const list = listOf('left knee', 'knee')
    const stored: unknown = JSON.parse(JSON.stringify(list.stored()))
    if (!areStoredWords(stored, new Set([0, 1]))) throw new Error('not read')
    expect(found(new WordList(stored), 'kne')).toEqual({ all: [0, 1], whole: [] })
  })

  it('reads nothing else', () => {
    const numbers = new Set([0])
    for (const value of [
      undefined,
      {},
      [1],
      [['knee']],
      [['knee', 0]],
      [[0, [0]]],
      [['knee', [1]]],
    ])
      expect(areStoredWords(value, numbers)).toBe(false)
  })
})
