import { VISIBLE } from '@wardline/core/text/blank'
import { cutText } from '@wardline/core/text/cut'
import { wellFormed } from '@wardline/core/text/well-formed'

/** In UTF-16 units. */
export const MAX_DEVICE_NAME = 80

/**
 * A device's name on one line, without what cannot be seen or turns text around; undefined when
 * nothing is left of it. What is too long is cut.
 */
export const cleanDeviceName = (text: string): string | undefined => {
  const line = wellFormed(text)
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(/[^\P{C}\u200c\u200d]/gu, '')
    .trim()
  const name = cutText(line, MAX_DEVICE_NAME).trim()
  return VISIBLE.test(name) ? name : undefined
}
