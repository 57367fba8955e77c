import { type ComposerDraft, noDraft } from '@wardline/core/client/composer-draft'
import { parseMessageKey } from '@wardline/core/client/message-key'
import { expect, test } from 'vitest'
import { Composition } from './composition.ts'

const one = parseMessageKey('2025-11/7.1')!
const two = parseMessageKey('2025-11/7.2')!

test('a change stands above what is written, which comes back after it', () => {
  const composition = new Composition(noDraft)
  composition.write('half a')
  composition.reply(one)
  composition.edit({ key: two, text: 'teh dose' })
  expect(composition.text).toBe('teh dose')
  composition.write('the dose')
  expect(composition.get()).toEqual({
    text: 'half a',
    replyTo: one,
    edit: { key: two, text: 'the dose' },
  })
  composition.edit({ key: two, text: 'teh dose' })
  expect(composition.text).toBe('the dose')
  composition.edited(two)
  expect(composition.get()).toEqual({ text: 'half a', replyTo: one, edit: null })
})

test('leaving gives up one thing at a time, and never the words', () => {
  const draft: ComposerDraft = { text: 'half a', replyTo: one, edit: { key: two, text: 'x' } }
  const composition = new Composition(draft)
  composition.leave()
  expect(composition.get()).toEqual({ ...draft, edit: null })
  expect(composition.isPlain).toBe(false)
  composition.leave()
  expect(composition.get()).toEqual({ ...noDraft, text: 'half a' })
  expect(composition.isPlain).toBe(true)
})

test('what was typed on while a message was saved stays', () => {
  const composition = new Composition({ ...noDraft, replyTo: one })
  composition.write('First')
  composition.write('First and more')
  composition.sent('First')
  expect(composition.get()).toEqual({ ...noDraft, text: 'and more' })
})

test('a message that is gone is neither answered nor changed', () => {
  const composition = new Composition({ text: '', replyTo: one, edit: { key: two, text: 'x' } })
  composition.forget(two)
  expect(composition.get()).toEqual({ ...noDraft, replyTo: one })
  composition.forget(one)
  expect(composition.get()).toEqual(noDraft)
})

test('another tab’s draft is taken until something is done here', () => {
  const composition = new Composition(noDraft)
  composition.adopt({ ...noDraft, text: 'from there' })
  expect(composition.text).toBe('from there')
  composition.write('from here')
  composition.adopt({ ...noDraft, text: 'from there again' })
  expect(composition.text).toBe('from here')
})

test('tells of every change, and of every wish to answer', () => {
  const composition = new Composition(noDraft)
  let changes = 0
  const stop = composition.subscribe(() => changes++)
  composition.reply(one)
  composition.reply(one)
  expect([changes, composition.asked]).toEqual([2, 2])
  stop()
  composition.write('x')
  expect(changes).toBe(2)
})
