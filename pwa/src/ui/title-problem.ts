/** Why a text is no name for a group, in words for the person; null when it is one. */
import { isBlank } from '@wardline/core/text/blank'

/** As the server has it, UTF-16 units. */
const MAX_TITLE = 80

export const titleProblem = (title: string): string | null => {
  if (isBlank(title)) return 'Give the group a name.'
  const over = title.trim().length - MAX_TITLE
  if (over > 0)
    return `This name is too long, by ${over} ${over === 1 ? 'character' : 'characters'}.`
  return null
}
