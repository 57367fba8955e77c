const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** "1.4 GB": in thousands, as disks are sold. */
export const bytesText = (bytes: number): string => {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const figures = value < 9.95 && unit > 0 ? value.toFixed(1) : String(Math.round(value))
  return `${figures} ${units[unit]}`
}
