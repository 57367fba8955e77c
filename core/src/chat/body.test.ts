import { expect, test } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import { bodyLength, openBody, sealBody } from './body.ts'

const text = async (body: Uint8Array) => {
  const opened = await openBody(body)
  return opened.kind === 'content' ? opened.content.text : opened.kind
}
const sealed = (json: string) => encodeUtf8(`\0${json}`)

test.each(['  leading\n\tand trailing \n', '🩺 中 "quoted" \\ud800 \u0000', ''])(
  '[BODY-2] a text comes out as it went in: %j',
  async (written) => {
    const body = await sealBody({ text: written })
    expect(await text(body)).toBe(written)
    expect(bodyLength({ text: written })).toBe(body.length)
  },
)

test('[BODY-2] half of a surrogate pair is no character, on the way in and on the way out', async () => {
  expect(await text(await sealBody({ text: 'a\ud83eb' }))).toBe('a\ufffdb')
  expect(await text(sealed('{"text":"a\\ud83Eb \\uD83E\\uDE7A"}'))).toBe('a\ufffdb 🩺')
  expect(decodeUtf8(await sealBody({ text: '\udc00' }))).not.toMatch(/\\u/)
})

test('[BODY-2] fields that are not known are left out, and what is no JSON is no content', async () => {
  expect(await text(sealed('{"text":"a","mood":"b","attachments":7}'))).toBe('a')
  for (const json of ['', '{', '[]', '{"text":7}', 'null'])
    expect(await text(sealed(json))).toBe('unreadable')
  expect(await text(Uint8Array.of(1, 123, 125))).toBe('unreadable')
})

test('the length counts files and escapes', async () => {
  const attachments = [{ hash: 'a'.repeat(64), name: 'Befund \ud800.pdf', type: 'x/y', size: 3 }]
  const content = { text: '\n"€', attachments }
  expect(bodyLength(content)).toBe((await sealBody(content)).length)
})
