import { expect, test } from 'vitest'
import { directChatId, parseUserId } from '../../base/ids.ts'
import { noDraft } from './composer-draft.ts'
import {
  type DraftBook,
  emptyBook,
  isEmptyBook,
  printOf,
  putDraft,
  shownDraft,
  useDraft,
} from './draft-book.ts'

const chat = directChatId(parseUserId('pat-ada')!, parseUserId('doc-bea')!)
const named = (id: string, text: string) => ({ ...noDraft, id, text })

test('the last written to is shown, and an empty one is none', () => {
  const book = [named('a', '1'), named('b', '2'), named('a', '3')].reduce(putDraft, emptyBook)
  expect(shownDraft(book)?.text).toBe('3')
  expect(shownDraft(putDraft(book, named('a', '')))?.text).toBe('2')
  expect(isEmptyBook(putDraft(putDraft(book, named('a', '')), named('b', '')))).toBe(true)
})

test('the names of those sent lately are few, and the last of them count', () => {
  const use = (id: string) => ({
    chat,
    draft: noDraft,
    from: { known: named(id, 'x'), print: printOf('x') },
  })
  let book: DraftBook = emptyBook
  for (let n = 0; n < 20; n++) book = useDraft(book, use(`d${n}`)) ?? emptyBook
  expect(book.sent.map(({ id }) => id)).toEqual(Array.from({ length: 16 }, (_, n) => `d${n + 4}`))
  expect(useDraft(book, use('d19'))).toBeUndefined()
  expect(JSON.stringify(book)).not.toContain('"x"')
})
