/**
 * A cell as RFC 4180 has it. What a spreadsheet would run as a formula gets an apostrophe before it:
 * names of people and devices, and refused addresses, are other people's words.
 */
export const csvCell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
