import { type ComposerDraft, noDraft } from '@wardline/core/client/model/composer-draft'
import { printOf } from '@wardline/core/client/model/draft-book'
import { parseMessageKey } from '@wardline/core/client/model/message-key'
import { expect, test } from 'vitest'
import { Composition, restOf } from './composition.ts'

const one = parseMessageKey('2025-11/7.1')!
const two = parseMessageKey('2025-11/7.2')!

/** Without its name. */
const saying = (composition: Composition) => ({ ...composition.get(), id: '' })

test('a change stands above what is written, which comes back after it', () => {
  const composition = new Composition(noDraft)
  composition.write('half a')
  composition.reply(one)
  composition.edit({ key: two, text: 'teh dose' })
  expect(composition.text).toBe('teh dose')
  composition.write('the dose')
  expect(saying(composition)).toEqual({
    ...noDraft,
    text: 'half a',
    replyTo: one,
    edit: { key: two, text: 'the dose' },
  })
  composition.edit({ key: two, text: 'teh dose' })
  expect(composition.text).toBe('the dose')
  composition.edited(two)
  expect(saying(composition)).toEqual({ ...noDraft, text: 'half a', replyTo: one })
})

test('leaving gives up one thing at a time, and never the words', () => {
  const draft: ComposerDraft = {
    ...noDraft,
    id: 'd1',
    text: 'half a',
    replyTo: one,
    edit: { key: two, text: 'x' },
  }
  const composition = new Composition(draft)
  composition.leave()
  expect(saying(composition)).toEqual({ ...draft, id: '', edit: null })
  expect(composition.isPlain).toBe(false)
  composition.leave()
  expect(saying(composition)).toEqual({ ...noDraft, text: 'half a' })
  expect(composition.isPlain).toBe(true)
})

test('what was typed on while a message was saved stays', () => {
  const composition = new Composition({ ...noDraft, replyTo: one })
  composition.write('First')
  composition.write('First and more')
  composition.sent('First')
  expect(saying(composition)).toEqual({ ...noDraft, text: 'and more' })
})

test('a message that is gone is neither answered nor changed', () => {
  const composition = new Composition({ ...noDraft, replyTo: one, edit: { key: two, text: 'x' } })
  composition.forget(two)
  expect(saying(composition)).toEqual({ ...noDraft, replyTo: one })
  composition.forget(one)
  expect(saying(composition)).toEqual(noDraft)
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

test('a piece of writing has a name for as long as it is one', () => {
  const composition = new Composition(noDraft)
  expect(composition.get().id).toBe('')
  composition.write('h')
  const { id } = composition.get()
  expect(id).toMatch(/^[a-z0-9]{20}$/)
  composition.write('hello')
  expect(composition.get().id).toBe(id)
  composition.sent('hello')
  expect(composition.get()).toEqual(noDraft)
  composition.write('and')
  expect(composition.get().id).not.toBe(id)
})

test('what another tab sent does not stand here any more, and what is written on does', () => {
  const draft = { ...noDraft, id: 'd1', text: 'hello' }
  const sent = [{ id: 'd1', print: printOf('hello') }]
  const mirrored = new Composition(noDraft)
  mirrored.adopt(draft)
  mirrored.write('hello')
  mirrored.adopt(noDraft, sent)
  expect(mirrored.get()).toEqual(noDraft)

  const more = new Composition(draft)
  more.write('hello there')
  more.adopt(noDraft, sent)
  expect(more.text).toBe('hello there')

  const other = new Composition({ ...draft, id: 'd2' })
  other.write('hello')
  other.adopt(noDraft, sent)
  expect(other.text).toBe('hello')
})

test('words below files are not lost with the files', () => {
  const composition = new Composition({ ...noDraft, text: 'above' })
  composition.caption('below')
  expect(composition.text).toBe('above')
  composition.keepCaption()
  expect(saying(composition)).toEqual({ ...noDraft, text: 'above\nbelow' })
  expect(new Composition({ ...noDraft, caption: 'after a reload' }).text).toBe('after a reload')
  composition.caption('sent')
  composition.filesSent()
  expect(saying(composition)).toEqual({ ...noDraft, text: 'above\nbelow' })
})

test('parts leave one by one', () => {
  const composition = new Composition({ ...noDraft, replyTo: one })
  composition.write('first. second')
  const from = composition.get()
  const rest = restOf(from, 'first. ')
  expect(restOf(from, 'first. ')).toEqual(rest)
  composition.sentPart('first. ', rest)
  expect(composition.get()).toEqual({ ...noDraft, id: `${from.id}.`, text: 'second' })
  // What was changed meanwhile is not cut.
  composition.write('Second and third')
  composition.sentPart('second', restOf(composition.get(), 'second'))
  expect(composition.text).toBe('Second and third')
  composition.write('last \n ')
  composition.sentPart('last', restOf(composition.get(), 'last'))
  expect(composition.get()).toEqual(noDraft)
})
