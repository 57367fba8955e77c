import { expect, test } from 'vitest'
import { filesText } from './file-text.ts'

const text = (files: number, name: string, type: string) =>
  filesText({ files, file: { name, type } }).text

test('a list says what was sent', () => {
  expect(text(1, 'Voice note 2026-03-04 10.05.wav', 'audio/wav')).toBe('Voice note')
  expect(text(1, 'heart.mp3', 'audio/mpeg')).toBe('Recording')
  expect(text(1, 'rash.webp', 'image/webp')).toBe('Picture')
  expect(text(3, 'rash.webp', 'image/webp')).toBe('3 pictures')
  expect(text(1, 'Labs 2026-03-04.pdf', 'application/pdf')).toBe('Labs 2026-03-04.pdf')
  expect(text(2, 'Labs.pdf', 'application/pdf')).toBe('2 files')
  expect(filesText({ files: 1, file: null }).text).toBe('File')
})
