import { expect, it } from 'vitest'
import { type Toast, withToast } from './toasts.ts'

const undo = { label: 'Undo', run: () => {} }
const shown = (...toasts: readonly Omit<Toast, 'id'>[]) =>
  toasts
    .map((toast, id) => ({ ...toast, id }))
    .reduce<readonly Toast[]>(withToast, [])
    .map(({ text, id }) => `${text} ${id}`)

it('a second one leaves the first with its way back', () => {
  expect(shown({ text: 'Archived', action: undo }, { text: 'Copied' })).toEqual([
    'Archived 0',
    'Copied 1',
  ])
})

it('the same words stand once, and as often as there is something to undo', () => {
  expect(shown({ text: 'Copied' }, { text: 'Copied' })).toEqual(['Copied 1'])
  expect(shown({ text: 'Archived', action: undo }, { text: 'Archived', action: undo })).toEqual([
    'Archived 0',
    'Archived 1',
  ])
})

it('three stand together; what cannot be undone goes first, then the oldest', () => {
  const archived = { text: 'Archived', action: undo }
  expect(shown(archived, { text: 'Copied' }, archived, archived)).toEqual([
    'Archived 0',
    'Archived 2',
    'Archived 3',
  ])
  expect(shown(archived, archived, archived, { text: 'Copied' })).toEqual([
    'Archived 1',
    'Archived 2',
    'Copied 3',
  ])
})
