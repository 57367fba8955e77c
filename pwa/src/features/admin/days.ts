/** Days as a field gives them, `yyyy-mm-dd` or '', in the device's time zone. */

const at = (day: string, plus: number): number | null => {
  const [year, month, date] = day.split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) return null
  return new Date(year, month - 1, date + plus).getTime()
}

/** First millisecond of the day; null for none. */
export const dayStart = (day: string): number | null => at(day, 0)
/** First millisecond of the day after; null for none. */
export const dayEnd = (day: string): number | null => at(day, 1)
