const count = (number: number, one: string, many: string): string =>
  `${number} ${number === 1 ? one : many}`

/** What a screen reader says about a search. */
export const foundText = (chats: number, messages: number): string => {
  if (chats === 0 && messages === 0) return 'No results'
  return `${count(chats, 'chat', 'chats')}, ${count(messages, 'message', 'messages')}`
}
