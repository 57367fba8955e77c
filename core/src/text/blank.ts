/** Matches what leaves a mark: no space, no control, nothing that is drawn as nothing. */
export const VISIBLE =
  /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Cc}\u2800\ufff9-\ufffb\u{1d159}]/u

/**
 * Whether a text shows nothing: spaces, fillers, joiners, marks of direction, variation selectors
 * and the like alone. A message, a title or a name of this kind would be an empty place.
 */
export const isBlank = (text: string): boolean => !VISIBLE.test(text)
