import { describe, expect, it } from 'vitest'
import { durationText, harmless, kindOf, safeName, sizeText } from './kinds.ts'

describe('the name of a file of somebody else', () => {
  it.each([
    ['report.pdf', 'application/pdf', 'report.pdf'],
    ['IMG 1.JPEG', 'image/jpeg', 'IMG 1.JPEG'],
    ['report.pdf.exe', 'application/pdf', 'report.pdf.exe.pdf'],
    ['evil.html', 'text/plain', 'evil.html.txt'],
    ['photo\u202egpj.exe', 'image/jpeg', 'photo gpj.exe.jpg'],
    ['../../etc/passwd', 'text/plain', 'etc passwd.txt'],
    ['', 'application/pdf', 'file.pdf'],
    ['x.svg', 'image/svg+xml', 'x.svg.bin'],
  ])('%j of %s becomes %j', (name, type, safe) => {
    expect(safeName({ name, type }).replaceAll(/ +/g, ' ').trim()).toBe(safe)
  })
})

it('nothing that a browser would run keeps its type', () => {
  const typeOf = (type: string) => harmless(new Blob(['x']), { type }).type
  for (const type of ['text/html', 'image/svg+xml', 'application/pdf', 'audio/x', 'text/plain'])
    expect(typeOf(type)).toBe('application/octet-stream')
  expect(typeOf('image/webp')).toBe('image/webp')
  expect(typeOf('audio/wav')).toBe('audio/wav')
  expect(kindOf({ type: 'image/svg+xml' })).toBe('file')
})

it('says sizes and lengths', () => {
  expect([12, 4_200, 1_234_567, 52_400_000].map(sizeText)).toEqual([
    '12 B',
    '4 kB',
    '1.2 MB',
    '52 MB',
  ])
  expect([0, 900, 75_000, 3_600_000].map(durationText)).toEqual(['0:00', '0:01', '1:15', '60:00'])
})
