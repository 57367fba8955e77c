import { describe, expect, it } from 'vitest'
import { cleanDeviceName, MAX_DEVICE_NAME } from './device-name.ts'

describe('the name of a device', () => {
  it('is one line of what can be seen', () => {
    expect(cleanDeviceName('  Anna’s\r\n phone \u0000\u202e')).toBe('Anna’s phone')
    expect(cleanDeviceName('👩‍⚕️ ward 3')).toBe('👩‍⚕️ ward 3')
    expect(cleanDeviceName('half \ud83d')).toBe('half \ufffd')
  })

  it('is none when there is nothing to see', () => {
    for (const text of ['', ' ', '\u200b', '\u2800', '\n\t'])
      expect(cleanDeviceName(text)).toBe(undefined)
  })

  it('is cut between two characters', () => {
    const name = cleanDeviceName('👩‍⚕️'.repeat(40))!
    expect(name.length).toBeLessThanOrEqual(MAX_DEVICE_NAME)
    expect(name).toBe('👩‍⚕️'.repeat(16))
  })
})
