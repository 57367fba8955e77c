import { expect, test } from 'vitest'
import { fold } from '../../words/fold.ts'
import { filterChats } from './filter-chats.ts'
import { holdsWords, marksIn, snippetOf } from './snippet.ts'
import { queryWords, wordsIn } from './words.ts'

const marked = (text: string, query: string): string[] =>
  marksIn(text, queryWords(query)).map(({ start, end }) => text.slice(start, end))

test('words fold case, accents and letters that have no base', () => {
  expect(['José', 'STRASSE', 'Straße', 'Łódź', 'Søren', 'Ærø', 'ﬁt'].map(fold)).toEqual([
    'jose',
    'strasse',
    'strasse',
    'lodz',
    'soren',
    'aero',
    'fit',
  ])
})

test('words are runs of letters and digits, wherever they stand', () => {
  const text = 'Take 2.5 mg – not “more”!\n(Dr. Müller)'
  const words = wordsIn(text)
  expect(words.map(({ folded }) => folded)).toEqual([
    'take',
    '2.5',
    '2',
    '5',
    'mg',
    '2.5mg',
    'not',
    'more',
    'dr',
    'muller',
    'mueller',
  ])
  expect(words.map(({ start, end }) => text.slice(start, end)).at(-1)).toBe('Müller')
})

test('scripts without spaces count letter by letter', () => {
  expect(queryWords('頭痛 3日')).toEqual(['頭', '痛', '3', '日'])
  expect(queryWords('ปวด')).toEqual(['ป', 'ว', 'ด'])
})

test('the last word of a query stays the last', () => {
  expect(queryWords('a b a')).toEqual(['b', 'a'])
  expect(queryWords(' … ')).toEqual([])
})

test('whole words are marked, and the beginning that the last one covers', () => {
  expect(marked('Pain, painful, PAINS; pa', 'pain')).toEqual(['Pain', 'pain', 'PAIN'])
  expect(marked('The painful pain', 'pain the')).toEqual(['The', 'pain'])
  expect(marked('Crème brûlée', 'brul')).toEqual(['brûl'])
  expect(marked('cafe\u0301s', 'cafe')).toEqual(['cafe\u0301'])
  expect(marked('Straßenbahn', 'strass')).toEqual(['Straß'])
})

// It would take minutes if each mark were looked at together with those before it.
test('a word of nothing but marks takes as long as it is', () => {
  expect(marked(`a${'\u0301'.repeat(200_000)}bc`, 'ab')).toEqual([`a${'\u0301'.repeat(200_000)}b`])
})

test('a snippet of a long text begins shortly before what was found', () => {
  const text = `${'so it goes on and on. '.repeat(20)}The knee\nhurts ${'and so on '.repeat(30)}`
  const { text: shown, marks } = snippetOf(text, queryWords('knee hur'))
  expect(marks.map(({ start, end }) => shown.slice(start, end))).toEqual(['knee', 'hur'])
  expect(shown).toMatch(/^…\S.*The knee hurts and so on.*…$/)
  expect(shown.length).toBeLessThan(170)
  expect(marks[0]?.start).toBeLessThan(40)
})

test('a snippet cuts no letter in half', () => {
  const text = `${'😀'.repeat(100)} knee ${'😀'.repeat(100)}`
  const { text: shown } = snippetOf(text, ['knee'])
  expect(shown).not.toMatch(/\p{Surrogate}/u)
})

test('names are found by parts of words, in any order', () => {
  const chats = ['Dr José Álvarez', 'Dr Ada Osei', 'Dr Adam Josephson'].map((title) => ({ title }))
  const titles = (query: string) => filterChats(chats, query).map(({ title }) => title)
  expect(titles('  ')).toHaveLength(3)
  expect(titles('jose')).toEqual(['Dr José Álvarez', 'Dr Adam Josephson'])
  expect(titles('osei ada')).toEqual(['Dr Ada Osei'])
  expect(titles('nobody')).toEqual([])
  const group = { title: 'Ward 3', patients: [{ name: 'Ada Lind', birthDate: '1984-05-02' }] }
  for (const query of ['lind', '1984-05', 'ward lind'])
    expect(filterChats([...chats, group], query)).toEqual([group])
})

test('a text is told apart that holds only some of the words', () => {
  const holds = (text: string, query: string) => holdsWords(text, queryWords(query))
  expect(holds('My left knée hurts', 'KNEE hur')).toBe(true)
  expect(holds('My left knee', 'knee hur')).toBe(false)
  // Only the last word may be a beginning.
  expect(holds('My left knee', 'kne left')).toBe(false)
})
