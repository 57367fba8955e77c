/** "Dr Ada Osei is typing", "Ada and Ben are typing", "4 people are typing"; '' for nobody. */
export const typingText = (names: readonly string[]): string => {
  const [one, two] = names
  if (one === undefined) return ''
  if (two === undefined) return `${one} is typing`
  return names.length === 2 ? `${one} and ${two} are typing` : `${names.length} people are typing`
}
