import { parseBirthDate } from '@wardline/core/chat/birth-date'
import { expect, test, vi } from 'vitest'
import {
  birthText,
  clockText,
  dayOf,
  dayText,
  fullText,
  lastSeenText,
  stampText,
} from './time-text.ts'

const at = (year: number, month: number, day: number, hour = 12, minute = 0) =>
  new Date(year, month - 1, day, hour, minute).getTime()
const now = at(2025, 11, 5, 10, 5)

test('days are named from near to far', () => {
  expect(dayText(at(2025, 11, 5, 0, 0), now)).toBe('Today')
  expect(dayText(at(2025, 11, 4, 23, 59), now)).toBe('Yesterday')
  expect(dayText(at(2025, 11, 3), now)).toBe('Monday')
  expect(dayText(at(2025, 10, 30), now)).toBe('Thursday')
  expect(dayText(at(2025, 10, 29), now)).toMatch(/29 October|October 29/)
  expect(dayText(at(2024, 10, 29), now)).toContain('2024')
})

test('a message from tomorrow has a date, not a weekday', () => {
  expect(dayText(at(2025, 11, 6), now)).toMatch(/6/)
})

test('daylight saving does not shift a day', () => {
  for (let day = 1; day < 7; day++)
    expect(dayText(at(2025, 10, 27 - day, 23, 30), at(2025, 10, 27, 0, 10))).not.toBe('Today')
  expect(dayText(at(2025, 10, 26, 0, 30), at(2025, 10, 27, 0, 10))).toBe('Yesterday')
  expect(dayText(at(2025, 3, 30, 0, 30), at(2025, 3, 31, 0, 10))).toBe('Yesterday')
})

test('the stamp of a chat', () => {
  expect(stampText(at(2025, 11, 5, 9, 7), now)).toBe(clockText(at(2025, 11, 5, 9, 7)))
  expect(stampText(at(2025, 11, 4), now)).toBe('Yesterday')
  expect(stampText(at(2025, 11, 1), now)).toBe('Sat')
})

test('last seen', () => {
  expect(lastSeenText(now - 20_000, now)).toBe('Last seen just now')
  expect(lastSeenText(at(2025, 11, 5, 9, 7), now)).toMatch(/^Last seen today at 0?9:07/)
  expect(lastSeenText(at(2025, 11, 4, 9, 7), now)).toMatch(/^Last seen yesterday at 0?9:07/)
  expect(lastSeenText(at(2025, 11, 1, 9, 7), now)).toMatch(/^Last seen Saturday at/)
})

test('a birth date has letters for the month, and the age', () => {
  const born = (date: string, today = now) => birthText(parseBirthDate(date)!, today)
  expect(born('1984-05-02')).toMatch(/^(2 May 1984|May 2, 1984) \(41\)$/)
  expect(born('1984-11-05')).toMatch(/\(41\)$/)
  expect(born('1984-11-06')).toMatch(/\(40\)$/)
  expect(born('2025-11-04')).toMatch(/2025$/)
  expect(born('2024-11-05')).toMatch(/2024 \(1\)$/)
  const leap = (month: number, day: number) => born('1984-02-29', at(2025, month, day, 0, 0))
  expect(leap(2, 28)).toMatch(/\(40\)$/)
  expect(leap(3, 1)).toMatch(/^(29 Feb 1984|Feb 29, 1984) \(41\)$/)
})

test('dayOf is local midnight', () => {
  expect(dayOf(now)).toBe(at(2025, 11, 5, 0, 0))
})

test('times are those of the zone in which the device is now', () => {
  const { env } = (
    globalThis as unknown as { process: { env: Record<string, string | undefined> } }
  ).process
  const before = env.TZ
  // Node has a language of its own since version 21.
  vi.stubGlobal('navigator', { language: 'en-GB' })
  const moment = Date.UTC(2025, 6, 1, 22, 30)
  try {
    const clocks = ['Europe/Berlin', 'Asia/Tokyo', 'America/New_York', 'Asia/Kolkata'].map(
      (zone) => {
        env.TZ = zone
        return [clockText(moment), new Date(dayOf(moment)).getDate(), fullText(moment)]
      },
    )
    expect(clocks.map(([clock]) => clock)).toEqual(
      ['0?0:30', '0?7:30', '18:30', '0?4:00'].map((clock) => expect.stringMatching(`^${clock}$`)),
    )
    expect(clocks.map(([, day]) => day)).toEqual([2, 2, 1, 2])
    expect(clocks.map(([, , full]) => full)).toEqual([
      expect.stringMatching(/2 July 2025.*0:30/),
      expect.stringMatching(/2 July 2025.*7:30/),
      expect.stringMatching(/1 July 2025.*18:30/),
      expect.stringMatching(/2 July 2025.*4:00/),
    ])
  } finally {
    vi.unstubAllGlobals()
    if (before === undefined) delete env.TZ
    else env.TZ = before
  }
})
