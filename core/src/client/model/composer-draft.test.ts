import { expect, test } from 'vitest'
import { parseMonth } from '../../base/ids.ts'
import {
  afterEdit,
  afterFiles,
  afterMessage,
  type ComposerDraft,
  isEmptyDraft,
  isSameDraft,
  noDraft,
  parseDraft,
} from './composer-draft.ts'
import { messageKey } from './message-key.ts'

const month = parseMonth('2025-11')!
const key = (n: number) => messageKey({ month, writer: 7 as never, n })
const full: ComposerDraft = {
  id: 'd1',
  caption: 'The rash',
  text: 'I take',
  replyTo: key(1),
  edit: { key: key(2), text: 'Good mor' },
}

test('a draft reads back from what was stored of it', () => {
  for (const draft of [full, noDraft, { ...full, edit: null }, { ...full, replyTo: null }])
    expect(parseDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft)
})

test('a draft from before there were answers and edits is a text', () => {
  expect(parseDraft({ chat: 'c', text: 'hello' })).toEqual({ ...noDraft, text: 'hello' })
})

test('what cannot be read of a draft is left out, and its text stays', () => {
  expect(parseDraft({ text: 'hello', replyTo: 'nothing', edit: { key: 'x', text: 'y' } })).toEqual({
    ...noDraft,
    text: 'hello',
  })
  expect(parseDraft({ text: 'hello', replyTo: 3, edit: 'e' })).toEqual({
    ...noDraft,
    text: 'hello',
  })
  for (const none of [undefined, null, 'hello', {}, { text: 1 }])
    expect(parseDraft(none)).toBeUndefined()
})

test('what is done leaves the rest', () => {
  expect(afterMessage(full)).toEqual({ ...full, text: '', replyTo: null, caption: '' })
  expect(afterEdit(full, key(2))).toEqual({ ...full, edit: null })
  expect(afterFiles(full, key(1))).toEqual({ ...full, replyTo: null, caption: '' })
  expect(afterFiles(full, undefined)).toEqual({ ...full, caption: '' })
})

test('what was not of the draft leaves it as it is', () => {
  const edit: ComposerDraft = { ...noDraft, edit: full.edit }
  expect(afterMessage(edit)).toBe(edit)
  expect(afterEdit(full, key(3))).toBe(full)
  const uncaptioned = { ...full, caption: '' }
  expect(afterFiles(uncaptioned, key(3))).toBe(uncaptioned)
  expect(afterFiles(uncaptioned, undefined)).toBe(uncaptioned)
})

test('drafts are the same by what they say', () => {
  expect(isSameDraft(full, { ...full, edit: { key: key(2), text: 'Good mor' } })).toBe(true)
  for (const other of [afterMessage(full), afterEdit(full, key(2)), afterFiles(full, key(1))])
    expect(isSameDraft(full, other)).toBe(false)
  expect(isEmptyDraft(noDraft)).toBe(true)
  expect(isEmptyDraft({ ...noDraft, id: 'd2' })).toBe(true)
  expect(isEmptyDraft({ ...noDraft, replyTo: key(1) })).toBe(false)
  expect(isEmptyDraft({ ...noDraft, caption: 'x' })).toBe(false)
  expect(isEmptyDraft({ ...noDraft, edit: full.edit })).toBe(false)
})
