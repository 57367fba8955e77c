import { expect, it } from 'vitest'
import { sortLeftOver } from './left-over.ts'

it('a build stays while the next one runs, and goes with the one after', () => {
  let kept: readonly string[] = []
  let stayed: readonly string[] = []
  const takeOver = (...mine: string[]) => {
    kept = [...new Set([...kept, ...mine])]
    const { stay, gone } = sortLeftOver({ kept, mine: new Set(mine), stayed: new Set(stayed) })
    kept = kept.filter((file) => !gone.includes(file))
    stayed = stay
    return kept
  }
  expect(takeOver('page-1', 'chat-1', 'icon')).toEqual(['page-1', 'chat-1', 'icon'])
  expect(takeOver('page-2', 'chat-1', 'icon')).toEqual(['page-1', 'chat-1', 'icon', 'page-2'])
  expect(takeOver('page-3', 'chat-3', 'icon')).toEqual([
    'chat-1',
    'icon',
    'page-2',
    'page-3',
    'chat-3',
  ])
  expect(takeOver('page-4', 'chat-3', 'icon')).not.toContain('chat-1')
})

it('what a later build has again is of that build', () => {
  const kept = ['page-2', 'chat-1']
  expect(sortLeftOver({ kept, mine: new Set(kept), stayed: new Set(['chat-1']) }).gone).toEqual([])
})
