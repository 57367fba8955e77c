import { expect, test } from 'vitest'
import { readMetadata } from './upload-metadata.ts'

const base64 = (bytes: string | Buffer) => Buffer.from(bytes as string).toString('base64')

test('reads what tus says', () => {
  const header = `name ${base64('Befund März 🩺.pdf')},type ${base64('application/pdf')}, flag`
  expect(readMetadata(header)).toEqual({
    name: 'Befund März 🩺.pdf',
    type: 'application/pdf',
    flag: '',
  })
  expect(readMetadata(`name ${base64('a').replace(/=/g, '')}`)).toEqual({ name: 'a' })
})

test.each([
  ['nothing', undefined],
  ['no key', `, name ${base64('a')}`],
  ['a key twice', `name ${base64('a')},name ${base64('b')}`],
  ['more than a value', `name ${base64('a')} ${base64('b')}`],
  ['no base64', 'name ä'],
  ['torn base64', 'name QUJDR'],
  ['Latin-1', `name ${base64(Buffer.from('März', 'latin1'))}`],
  ['UTF-16', `name ${base64(Buffer.from('\ufeffMärz', 'utf16le'))}`],
  ['half a surrogate pair', `name ${base64(Buffer.from([0xed, 0xa0, 0x80]))}`],
  ['broken UTF-8', `name ${base64(Buffer.from([0x61, 0xc3]))}`],
])('takes no text of what is none: %s', (_name, header) => {
  expect(readMetadata(header)).toBeUndefined()
})
