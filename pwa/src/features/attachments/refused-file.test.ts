import { expect, test } from 'vitest'
import { changedText, pictureReason, refusedReason } from './refused-file.ts'

const why = (name: string, type = '', size = 9): string => refusedReason({ name, type, size })

test('each kind of file is told what to do instead', () => {
  expect(why('a.txt', 'text/plain', 0)).toMatch(/empty/)
  expect(why('labs.csv', 'text/csv')).toMatch(/UTF-8/)
  expect(why('LABS.TXT')).toMatch(/UTF-8/)
  for (const name of ['a.mp4', 'IMG_1.MOV']) expect(why(name)).toMatch(/^Videos .* pictures/)
  expect(why('film', 'video/mp4')).toMatch(/^Videos/)
  expect(why('a.svg', 'image/svg+xml')).toMatch(/PDF/)
  expect(why('a.zip')).toMatch(/Unpack/)
  expect(why('letter.doc')).toMatch(/DOCX/)
  expect(why('a.avif', 'image/avif')).toMatch(/screenshot/)
  expect(why('tool.exe')).toMatch(/^Only/)
  expect(pictureReason({ isHeic: true })).toMatch(/JPEG/)
  expect(pictureReason({ isHeic: false })).toMatch(/screenshot/)
})

test('a name that is another than it was is explained', () => {
  expect(changedText('a.pdf', 'a.pdf', false)).toBeUndefined()
  expect(changedText('tool.exe', 'tool.exe.txt', false)).toBe(
    'By its content it is no EXE file, so .txt is added.',
  )
  expect(changedText('rash.png', 'rash.webp', true)).toBe(
    'Made smaller for sending, from rash.png.',
  )
  expect(changedText('a:b.pdf', 'a b.pdf', false)).toMatch(/^Named a:b.pdf here/)
})
