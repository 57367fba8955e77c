import { expect, it } from 'vitest'
import { unsentAsText } from './unsent-as-text.ts'

it('is read as it was written, with whom it was for and when', () => {
  const notes = [
    { to: 'Dr Ada Osei', at: 1, text: 'Two lines\nof it', files: [] },
    { to: 'Dr Ada Osei', at: 2, text: '', files: ['arm.jpg', 'leg.jpg'] },
    { to: 'Ward 3', at: null, text: 'half a sent', files: [] },
  ]
  expect(unsentAsText(notes, (at) => `day ${at}`)).toBe(
    'To Dr Ada Osei, day 1:\nTwo lines\nof it\n\n' +
      'To Dr Ada Osei, day 2:\n(with arm.jpg, leg.jpg)\n\n' +
      'To Ward 3, not finished:\nhalf a sent',
  )
})
